/// The name of a project, which everything that a stack makes is named after: lower-case letters, digits, `-` and `_`,
/// beginning with a letter or a digit.
public struct ProjectName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let text: String

    static let rule = "use lower-case letters, digits, \"-\" and \"_\", beginning with a letter or a digit"

    /// Reads a name; nil where it breaks the rule.
    public init?(_ text: String) {
        guard ProjectName(reducing: text)?.text == text else { return nil }
        self.text = text
    }

    /// Makes a name of any text by lowering its letters and dropping what no name may have; nil where nothing is left.
    public init?(reducing text: String) {
        let allowed = text.lowercased().utf8.filter {
            (0x61...0x7A).contains($0) || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
        let name = allowed.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        guard !name.isEmpty else { return nil }
        self.text = String(decoding: name, as: UTF8.self)
    }

    /// The name.
    public var description: String { text }
}

/// The name of a service, unique in its stack: letters, digits, `.`, `_` and `-`.
public struct ServiceName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// Reads a name; nil where it has other characters.
    public init?(_ text: String) {
        guard Shape.NameRule.resource.allows(text) else { return nil }
        self.text = text
    }

    /// The name.
    public var description: String { text }

    /// In the order of their characters.
    public static func < (left: ServiceName, right: ServiceName) -> Bool { left.text < right.text }
}
