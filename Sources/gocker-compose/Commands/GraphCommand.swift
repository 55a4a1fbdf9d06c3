internal import ArgumentParser
internal import Compose

/// `gocker-compose graph`: which service waits for which.
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Show which service waits for which, and what for.",
        discussion: """
            EXAMPLES:
              gocker-compose graph                             a tree, for terminals
              gocker-compose graph --format svg > stack.svg    a picture
              gocker-compose graph --format dot | dot -Tpng    with Graphviz
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case ascii, dot, mermaid, svg
    }

    @OptionGroup var options: StackOptions

    @Option(help: "ascii, dot, mermaid or svg.")
    var format: Format = .ascii

    @Argument(help: ArgumentHelp("The stack file, or services.", valueName: "stack or service"))
    var words: [String] = []

    func run() throws {
        let result = try options.load(try options.request(words: words, purpose: .show))
        guard let document = result.document else { throw ExitCode(1) }
        let diagram = DependencyDiagram(document)
        let text =
            switch format {
            case .ascii: diagram.ascii
            case .dot: diagram.dot
            case .mermaid: diagram.mermaid
            case .svg: diagram.svg
            }
        writeBytes(text.utf8, to: .standardOutput)
    }
}
