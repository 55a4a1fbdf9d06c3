/// The services of a stack and what they wait for, as a graph to be drawn.
public struct DependencyDiagram: Hashable, Sendable {
    /// An arrow from a service to one that it needs.
    public struct Edge: Hashable, Sendable {
        public let from: String
        public let to: String
        /// What is waited for: `started`, `healthy` or `completed`.
        public let condition: String
        /// Whether the stack is wrong without the other service.
        public let isRequired: Bool
        /// Whether the one is restarted with the other.
        public let restarts: Bool

        /// The words on the arrow.
        var label: String {
            ([condition] + (isRequired ? [] : ["optional"]) + (restarts ? ["restart"] : [])).joined(separator: ", ")
        }
    }

    public let name: String
    /// In alphabetical order, as is everything here: the same stack gives the same picture.
    public let services: [String]
    public let edges: [Edge]

    /// Reads the dependencies of a stack, those that follow from sharing included.
    public init(_ document: StackDocument) {
        name = document.name.text
        services = document.services
        var edges: [Edge] = []
        for from in document.services {
            let dependencies = document.model["services"]?[from]?["depends_on"]?.mapping ?? Mapping()
            for (to, entry) in dependencies.sorted(by: { $0.key < $1.key }) where services.contains(to) {
                edges.append(Edge(from, to, entry.value))
            }
        }
        self.edges = edges
    }

    /// The services by levels: each needs only services of the levels before its own.
    var levels: [[String]] {
        let needs = Dictionary(grouping: edges, by: \.from)
        return DependencyGraph.levels(of: services) { needs[$0]?.map(\.to) ?? [] }
    }
}

extension DependencyDiagram.Edge {
    fileprivate init(_ from: String, _ to: String, _ dependency: Node) {
        self.from = from
        self.to = to
        condition =
            switch dependency["condition"]?.string {
            case "service_healthy": "healthy"
            case "service_completed_successfully": "completed"
            default: "started"
            }
        isRequired = dependency["required"]?.boolean != false
        restarts = dependency["restart"]?.boolean == true
    }
}
