/// What is wrong in a document of the runtime specification, and where.
public struct SpecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// For example `linux.namespaces[2].type`; empty for the document itself.
    public let place: String
    public let message: String

    public init(_ place: String, _ message: String) {
        self.place = place
        self.message = message
    }

    public var description: String { place.isEmpty ? message : "\(place): \(message)" }
}
