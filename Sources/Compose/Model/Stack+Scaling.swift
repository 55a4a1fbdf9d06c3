internal import OrderedCollections

extension Stack {
    /// The same stack with so many instances of some services; nil where a number is below 0 or a service is not there.
    public func scaled(_ replicas: [ServiceName: Int]) -> Stack? {
        guard replicas.allSatisfy({ $0.value >= 0 && services[$0.key] != nil }) else { return nil }
        guard !replicas.isEmpty else { return self }
        let model = document.model.mappingChild("services") { services in
            services.mapEntries { name, entry in
                guard let service = ServiceName(name), let count = replicas[service] else { return entry.value }
                let number = Node.integer(Int64(count), at: entry.key)
                return entry.value.changingMapping { mapping in
                    mapping.set("scale", number, at: entry.key)
                    mapping.modify("deploy") { $0 = $0.changingMapping { $0.set("replicas", number, at: entry.key) } }
                }
            }
        }
        let changed = StackDocument(name: name, directory: directory, model: model, hasVariables: false)
        var stack = CanonicalStack.read(changed.yaml(), project: name, directory: directory)
        stack?.contents = contents
        return stack
    }
}
