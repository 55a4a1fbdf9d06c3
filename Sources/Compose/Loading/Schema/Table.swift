/// The keys that a mapping of a stack file may have, in the order in which they are printed.
final class Table: Sendable {
    /// What the mapping describes, e.g. `service`; for messages, and for references in the JSON Schema.
    let name: String
    let keys: [Key]

    /// Whether keys that begin with `x-` may hold anything.
    let extensible: Bool

    /// A key whose value all others are about: mappings that differ in it are not merged, the later one stands alone.
    let identity: String?

    /// The keys that may not be left out.
    let required: [String]

    /// The positions of the keys that are printed even where they are not set, in one format at least.
    let alwaysPrinted: [Int]

    private let index: [String: Int]

    init(_ name: String, extensible: Bool = true, identity: String? = nil, _ keys: [Key]) {
        self.name = name
        self.keys = keys
        self.extensible = extensible
        self.identity = identity
        self.required = keys.filter { $0.options.contains(.required) }.map(\.name)
        self.alwaysPrinted = keys.indices.filter {
            !keys[$0].options.isDisjoint(with: [.alwaysPrinted, .alwaysInJSON])
        }
        self.index = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1.name, $0) })
    }

    subscript(name: String) -> Key? { index[name].map { keys[$0] } }

    /// Where in the order a key is printed.
    func position(of name: String) -> Int? { index[name] }

    /// Whether a key is for others to read.
    func isExtension(_ key: String) -> Bool { extensible && key.hasPrefix("x-") }
}

/// One key of a table.
struct Key: Sendable {
    /// What Gocker does with a key.
    enum Support: Sendable {
        /// What it says.
        case acted

        /// Nothing, and the service runs all the same as its author would want.
        case unacted

        /// Nothing, and to run the service regardless could do harm or would surely fail.
        case refused
    }

    struct Options: OptionSet, Sendable {
        let rawValue: Int

        /// A mapping without this key is incomplete.
        static let required = Options(rawValue: 1)

        /// Printed also where it is false, zero or empty: that is not the same as not to be set.
        static let keptWhenEmpty = Options(rawValue: 2)

        /// In JSON printed even where it is not set, as the reference does.
        static let alwaysInJSON = Options(rawValue: 4)

        /// Printed even where it is not set.
        static let alwaysPrinted = Options(rawValue: 8)

        /// True unless the file says otherwise: as in the reference, YAML shows only `false`, and JSON only `true`.
        static let trueByDefault = Options(rawValue: 16)

        /// Printed only where it is false.
        static let impliedWhenTrue = Options(rawValue: 32)

        /// Not in JSON, as in the reference.
        static let absentInJSON = Options(rawValue: 64)

        /// With a capital in JSON, as in the reference.
        static let capitalInJSON = Options(rawValue: 128)
    }

    let name: String
    let shape: Shape
    let support: Support
    let options: Options

    init(_ name: String, _ shape: Shape, _ support: Support = .unacted, _ options: Options = []) {
        self.name = name
        self.shape = shape
        self.support = support
        self.options = options
    }
}
