internal import JSON

/// The whole of a stack in canonical form: every key of the specification, whether or not it is acted on.
public struct StackDocument: Sendable {
    /// The name of the project.
    public let name: ProjectName

    /// The project directory, as an absolute path.
    public let directory: String

    let model: Node

    /// Whether variables were left in place.
    let hasVariables: Bool

    /// What secrets and configs hold, by the digests that are noted in services (`UsedContents`); of a stack that is for
    /// another engine. Never a part of the text.
    var contents: [String: [UInt8]] = [:]

    /// The names of the services in alphabetical order.
    public var services: [String] { model["services"]?.mapping?.keys.sorted() ?? [] }

    /// The document as YAML, in a stable order. It is a stack file: a `$` that is no variable is written as `$$`.
    public func yaml() -> String {
        YAMLWriter.write(Presentation(.yaml, hasVariables: hasVariables).present(model))
    }

    /// The document as JSON, as the Compose tools lay it out.
    public func json() -> String {
        JSONWriter.pretty(JSONValue(Presentation(.json, hasVariables: hasVariables).present(model)))
    }
}
