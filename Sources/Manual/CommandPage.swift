/// A command as its manual, its help and a shell's completion see it.
public struct CommandPage: Hashable, Sendable {
    public struct Option: Hashable, Sendable {
        /// With their dashes, the short ones first.
        public var names: [String]
        /// What the value is called; nil for a flag.
        public var valueName: String?
        public var help: String
        /// The heading that it stands under; nil for the usual one.
        public var section: String?
        public var values: ValueKind

        public init(
            _ names: [String], valueName: String? = nil, help: String, section: String? = nil,
            values: ValueKind = .unknown
        ) {
            self.names = names
            self.valueName = valueName
            self.help = help
            self.section = section
            self.values = values
        }
    }

    public struct Operand: Hashable, Sendable {
        public var name: String
        public var help: String
        public var isOptional: Bool
        public var isRepeating: Bool
        public var values: ValueKind

        public init(
            _ name: String, help: String, isOptional: Bool = false, isRepeating: Bool = false,
            values: ValueKind = .unknown
        ) {
            self.name = name
            self.help = help
            self.isOptional = isOptional
            self.isRepeating = isRepeating
            self.values = values
        }
    }

    /// What a value may be, for a shell to offer.
    public enum ValueKind: Hashable, Sendable {
        case unknown
        case words([String])
        case file
        case directory
        /// Names that only the program knows, e.g. `services`.
        case names(String)
    }

    /// Subcommands under a heading.
    public struct Group: Hashable, Sendable {
        public var title: String
        public var commands: [CommandPage]

        public init(_ title: String, _ commands: [CommandPage]) {
            self.title = title
            self.commands = commands
        }
    }

    /// With the commands above it: `gocker-compose ps`.
    public var name: String
    public var abstract: String
    /// Paragraphs, `EXAMPLES:` and the like; see `PageText`.
    public var discussion: String
    public var options: [Option]
    public var operands: [Operand]
    public var groups: [Group]

    public init(
        _ name: String, abstract: String, discussion: String = "", options: [Option] = [], operands: [Operand] = [],
        groups: [Group] = []
    ) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.options = options
        self.operands = operands
        self.groups = groups
    }

    public var subcommands: [CommandPage] { groups.flatMap(\.commands) }

    /// The last word of the name.
    public var word: String { String(name.split(separator: " ").last ?? "") }

    /// `gocker-compose ps [options] [<service> ...]`; operands in the place of a subcommand stand before it.
    public var usage: String {
        var parts = [name]
        if !options.isEmpty { parts.append("[options]") }
        let operands = operands.map { operand in
            let text = "<\(operand.name)>" + (operand.isRepeating ? " ..." : "")
            return operand.isOptional ? "[\(text)]" : text
        }.joined(separator: " ")
        let command = subcommands.isEmpty ? "" : "<command> ..."
        parts.append([operands, command].filter { !$0.isEmpty }.joined(separator: " | "))
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
