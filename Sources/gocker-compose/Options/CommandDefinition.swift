internal import ArgumentParser
internal import JSON

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
        let values: [String]
        let defaultValue: String?
        /// Whether what follows is another program's.
        let takesAllThatFollows: Bool

        /// What stands in usage lines, e.g. `--file <file>`.
        var spelling: String {
            switch kind {
            case .positional: "<\(valueName)>" + (isRepeating ? " ..." : "")
            case .option: names.joined(separator: ", ") + " <\(valueName)>"
            case .flag: names.joined(separator: ", ")
            }
        }
    }

    let name: String
    let abstract: String
    let discussion: String
    let isHidden: Bool
    let arguments: [Argument]
    let subcommands: [CommandDefinition]

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
        values = (json["allValues"]?.items ?? []).compactMap(\.text)
        defaultValue = json["defaultValue"]?.text
        takesAllThatFollows = json["parsingStrategy"]?.text == "allRemainingInput"
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
