internal import ArgumentParser
internal import Compose

/// `gocker-compose schema`: what a stack file may have in it, for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of the stack file.",
        discussion: """
            Made of the tables that validate stack files. An editor with a YAML language server wants this as the first \
            line of the stack file:

              # yaml-language-server: $schema=stack.schema.json

            EXAMPLES:
              gocker-compose schema > stack.schema.json
            """
    )

    func run() {
        writeBytes(JSONSchema.text().utf8, to: .standardOutput)
    }
}
