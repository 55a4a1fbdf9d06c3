internal import ArgumentParser
internal import JSON
internal import Manual

/// A command as ArgumentParser knows it: what its man page, and the order of its words, are made of.
struct CommandDefinition {
    struct Argument {
        enum Kind: String {
            case positional, option, flag
        }

        let kind: Kind
        /// With their dashes, the short ones first.
        let names: [String]
        let valueName: String
        let help: String
        /// The heading it stands under; empty for the usual one.
        let section: String
        let isOptional: Bool
        let isRepeating: Bool
        let isHidden: Bool
        /// What the value may be, for a shell to offer.
        let values: CommandPage.ValueKind
        /// Whether what follows is another program's.
        let takesAllThatFollows: Bool
    }

    let name: String
    let abstract: String
    let discussion: String
    let isHidden: Bool
    let arguments: [Argument]
    let subcommands: [CommandDefinition]
    /// The subcommand that is meant where none is named.
    let defaultSubcommand: String?

    /// - Parameter type: a command, or a group of options.
    init?(_ type: any ParsableArguments.Type) {
        guard let tool = try? JSONReader.read(Array(type._dumpHelp().utf8)), let command = tool["command"] else {
            return nil
        }
        self.init(command)
    }

    private init(_ json: JSONValue) {
        name = json["commandName"]?.text ?? ""
        abstract = json["abstract"]?.text ?? ""
        discussion = json["discussion"]?.text ?? ""
        isHidden = json["shouldDisplay"] == .boolean(false)
        arguments = json["arguments"]?.items.compactMap { Argument($0) } ?? []
        subcommands = json["subcommands"]?.items.map { CommandDefinition($0) } ?? []
        defaultSubcommand = json["defaultSubcommand"]?.text
    }

    /// The option with a name, dashes included.
    func argument(named name: String) -> Argument? { arguments.first { $0.names.contains(name) } }
}

extension CommandDefinition.Argument {
    fileprivate init?(_ json: JSONValue) {
        guard let kind = (json["kind"]?.text).flatMap({ Kind(rawValue: $0) }) else { return nil }
        self.kind = kind
        names = (json["names"]?.items ?? []).compactMap { name in
            name["name"]?.text.map { (name["kind"]?.text == "long" ? "--" : "-") + $0 }
        }.sorted { $0.utf8.count < $1.utf8.count }
        valueName = json["valueName"]?.text ?? ""
        help = json["abstract"]?.text ?? ""
        section = json["sectionTitle"]?.text ?? ""
        isOptional = json["isOptional"] == .boolean(true)
        isRepeating = json["isRepeating"] == .boolean(true)
        isHidden = json["shouldDisplay"] == .boolean(false)
        values = Self.values(json)
        takesAllThatFollows = json["parsingStrategy"]?.text == "allRemainingInput"
    }
}

extension CommandDefinition.Argument {
    private static func values(_ json: JSONValue) -> CommandPage.ValueKind {
        let kind = json["completionKind"]
        if kind?["file"] != nil { return .file }
        if kind?["directory"] != nil { return .directory }
        if let command = kind?["shellCommand"]?["command"]?.text {
            return .names(String(command.split(separator: " ").last ?? ""))
        }
        let words = (json["allValues"]?.items ?? []).compactMap(\.text)
        return words.isEmpty ? .unknown : .words(words)
    }
}

extension JSONValue {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }
}
