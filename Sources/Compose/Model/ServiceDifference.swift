internal import JSON

/// One way in which a service differs from another one of the same name.
public struct ServiceDifference: Equatable, Sendable {
    /// Which key, e.g. `environment.PORT`.
    public let path: String

    /// The value in the other one, on one line; nil where it has none.
    public let old: String?

    /// The value in this one, on one line; nil where it has none.
    public let new: String?

    /// Where the new value is set.
    public let place: SourceRange?
}

extension Service {
    /// What makes this service another one than `other`: everything that its fingerprint is made of, in order.
    public func differences(from other: Service) -> [ServiceDifference] {
        var differences: [ServiceDifference] = []
        Self.compare(
            Fingerprint.relevant(other.definition), Fingerprint.relevant(definition), "", &differences
        )
        return differences
    }

    private static func compare(_ old: Node?, _ new: Node?, _ path: String, _ differences: inout [ServiceDifference]) {
        if let old, let new, old == new { return }
        guard let before = old?.mapping, let after = new?.mapping else {
            var texts = [old, new].map { $0.map { JSONWriter.compact(JSONValue($0)) } }
            var path = path
            let noted = "\(UsedContents.key)."
            if path.hasPrefix(noted) {
                path = String(path.dropFirst(noted.count))
                // Nobody wants to see a digest.
                if path.hasPrefix("secrets.") || path.hasPrefix("configs.") {
                    texts = [old == nil ? nil : "old content", new == nil ? nil : "new content"]
                }
            }
            differences.append(ServiceDifference(path: path, old: texts[0], new: texts[1], place: new?.place))
            return
        }
        for key in Set(before.keys).union(after.keys).sorted() {
            compare(before[key], after[key], path.isEmpty ? key : "\(path).\(key)", &differences)
        }
    }
}
