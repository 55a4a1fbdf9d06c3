// The diagram as text: for terminals, and in two languages of drawing programs.

extension DependencyDiagram {
    /// A tree from the services that nobody needs down to those that need nobody. What was shown above is not shown again.
    public var ascii: String {
        let needs = Dictionary(grouping: edges, by: \.from)
        let needed = Set(edges.map(\.to))
        var shown: Set<String> = []
        var lines: [String] = []
        // A branch waits with the text before it: a chain may be longer than a stack is deep.
        var waiting: [(edge: Edge?, service: String, lead: String, isLast: Bool)] =
            services.filter { !needed.contains($0) }.reversed().map { (nil, $0, "", true) }
        while let (edge, service, lead, isLast) = waiting.popLast() {
            let branch = edge == nil ? "" : lead + (isLast ? "`-- " : "|-- ")
            let isNew = shown.insert(service).inserted
            let next = needs[service] ?? []
            let note = edge.map { " (\($0.label))" } ?? ""
            lines.append(branch + service + note + (isNew || next.isEmpty ? "" : " [see above]"))
            guard isNew else { continue }
            let below = edge == nil ? "" : lead + (isLast ? "    " : "|   ")
            for (index, other) in next.enumerated().reversed() {
                waiting.append((other, other.to, below, index == next.count - 1))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// For Graphviz. See the DOT language, graphviz.org.
    public var dot: String {
        let nodes = services.map { "  \(Self.quote($0));\n" }.joined()
        let arrows = edges.map { edge in
            let style = edge.isRequired ? "" : ", style=dashed"
            return "  \(Self.quote(edge.from)) -> \(Self.quote(edge.to)) [label=\(Self.quote(edge.label))\(style)];\n"
        }.joined()
        return "digraph \(Self.quote(name)) {\n  rankdir=LR;\n  node [shape=box];\n\(nodes)\(arrows)}\n"
    }

    /// For Mermaid. See its "Flowcharts".
    public var mermaid: String {
        // Some names are words of the language, so nodes are numbered.
        let numbers = Dictionary(uniqueKeysWithValues: services.enumerated().map { ($1, "s\($0)") })
        let nodes = services.map { "  \(numbers[$0] ?? "")[\"\($0)\"]\n" }.joined()
        let arrows = edges.map { edge in
            let arrow = edge.isRequired ? "-->" : "-.->"
            return "  \(numbers[edge.from] ?? "") \(arrow)|\(edge.label)| \(numbers[edge.to] ?? "")\n"
        }.joined()
        return "flowchart LR\n\(nodes)\(arrows)"
    }

    private static func quote(_ text: String) -> String { "\"\(text)\"" }
}
