/// The reference of the stack file in Markdown, made from the tables that check it.
public enum StackFileReference {
    /// The tables of keys: the stack first, then the services, then everything below in the order of its mention.
    public static func markdown() -> String {
        var text = ""
        var seen: Set<String> = []
        var waiting: [Table] = [.stack, .service]
        while let table = waiting.first {
            waiting.removeFirst()
            guard seen.insert(table.name).inserted else { continue }
            text += section(table)
            waiting += table.keys.flatMap { $0.shape.tables }
        }
        return text
    }

    private static func section(_ table: Table) -> String {
        var text = "## \(title(table))\n\n| key | value | what Gocker does with it |\n| --- | --- | --- |\n"
        for key in table.keys {
            let value = key.shape.expected + key.shape.tables.map { ", see [\(title($0))](#\($0.name))" }.joined()
            let required = key.options.contains(.required) ? " **Required.**" : ""
            let summary = Summaries[table, key].map { $0.replacing("|", with: "\\|") + " " } ?? ""
            text += "| `\(key.name)` | \(value).\(required) | \(summary)\(support(key)) |\n"
        }
        return text + "\n"
    }

    private static func title(_ table: Table) -> String { table.name }

    private static func support(_ key: Key) -> String {
        switch key.support {
        case .acted: "Acted on."
        case .unacted: "Not acted on yet: a warning."
        case .refused: "Not acted on yet: an error when a stack is run."
        }
    }
}

extension Shape {
    /// The tables that values of this shape are made of.
    fileprivate var tables: [Table] {
        switch self {
        case .table(let table), .shorthand(_, let table), .ports(let table), .limit(let table): [table]
        case .list(let shape, _), .listOrOne(let shape, _), .allOrList(let shape), .map(let shape, _),
            .namedOrListed(let shape, _), .nullable(let shape):
            shape.tables
        default: []
        }
    }
}
