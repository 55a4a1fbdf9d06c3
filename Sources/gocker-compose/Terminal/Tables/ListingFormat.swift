internal import ArgumentParser
internal import JSON

/// How a list is printed.
enum ListingFormat: Equatable, ExpressibleByArgument {
    /// For people.
    case table
    /// One array.
    case json
    /// An object a line.
    case ndjson
    /// A text with `{{.Field}}` in it, a line an entry.
    case template(ListingTemplate)

    init?(argument: String) {
        switch argument {
        case "table": self = .table
        case "json": self = .json
        case "ndjson": self = .ndjson
        default:
            guard let template = ListingTemplate(argument) else { return nil }
            self = .template(template)
        }
    }

    static let help = ArgumentHelp(
        "table, json (one array), ndjson, or a text such as '{{.Name}} {{.State}}'.", valueName: "format")

    static var allValueStrings: [String] { ["table", "json", "ndjson"] }

    /// What is to be printed of `entries`; `table` says what for people.
    func lines(of entries: [JSONValue], table: () -> [StyledLine]) throws -> [StyledLine] {
        switch self {
        case .table: return table()
        case .json:
            let text = JSONWriter.pretty(.array(entries))
            return text.split(separator: "\n").map { StyledLine(String($0)) }
        case .ndjson: return entries.map { StyledLine(JSONWriter.compact($0)) }
        case .template(let template): return try entries.map { StyledLine(try template.fill($0)) }
        }
    }
}

/// Text with the fields of an entry in it, in the smallest part of Go's templates: `{{.Name}}`, `{{.Usage.MemoryBytes}}`,
/// `{{json .}}`, `{{json .Usage}}`.
struct ListingTemplate: Equatable {
    private enum Part: Equatable {
        case text(String)
        /// The way to a field; the whole entry where it is empty.
        case field([String], asJSON: Bool)
    }

    private var parts: [Part] = []

    /// - Returns: nil for a text without a field, or with something else between the braces.
    init?(_ text: String) {
        var rest = text.replacing("\\t", with: "\t").replacing("\\n", with: "\n")[...]
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { return nil }
            if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
            var words = rest[open.upperBound..<close.lowerBound].split(separator: " ")
            let asJSON = words.first == "json"
            if asJSON { words.removeFirst() }
            guard words.count == 1, words[0].hasPrefix(".") else { return nil }
            parts.append(.field(words[0].split(separator: ".").map(String.init), asJSON: asJSON))
            rest = rest[close.upperBound...]
        }
        guard !parts.isEmpty else { return nil }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
    }

    func fill(_ entry: JSONValue) throws -> String {
        try parts.map { part in
            switch part {
            case .text(let text): return text
            case .field(let path, let asJSON):
                let value = try path.reduce(entry) { try Self.field($1, of: $0) }
                return asJSON || path.isEmpty ? JSONWriter.compact(value) : Self.text(value)
            }
        }.joined()
    }

    /// Capitals and underscores make no difference: `ExitCode` is `exit_code`.
    private static func field(_ name: String, of value: JSONValue) throws -> JSONValue {
        if case .null = value { return .null }
        guard case .object(let entries) = value else { throw Failure("there is nothing called .\(name) in a value") }
        let key = name.lowercased().replacing("_", with: "")
        if let entry = entries.first(where: { $0.key.replacing("_", with: "") == key }) { return entry.value }
        let names = entries.map { "." + $0.key.split(separator: "_").map(\.capitalizedWord).joined() }
        throw Failure("there is no field .\(name); there are \(names.joined(separator: ", "))")
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        default: JSONWriter.compact(value)
        }
    }
}

extension Substring {
    fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}

extension String {
    /// The standard library has it only for collections of elements with a regular expression.
    fileprivate func replacing(_ old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
