/// Keeps the services that somebody named, and those they depend on.
enum NamedServices {
    static func choose(_ model: Node, _ names: [String], problems: inout Problems) -> Node {
        let services = model["services"]?.mapping ?? Mapping()
        var kept: Set<String> = []
        var waiting = names
        for name in names where services[name] == nil {
            let nearest = NearestName.find(name, among: services.keys)
            problems.error("no service \"\(name)\" in this stack", at: nil, suggestion: nearest)
        }
        while let name = waiting.popLast() {
            guard let service = services[name], kept.insert(name).inserted else { continue }
            if let dependencies = service["depends_on"]?.mapping { waiting += dependencies.map(\.key) }
        }
        return model.mappingChild("services") { services in
            services.mapEntries { kept.contains($0) ? $1.value : nil }
        }
    }
}
