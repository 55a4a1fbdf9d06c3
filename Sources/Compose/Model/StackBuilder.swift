internal import OrderedCollections

/// Binds a canonical model to types. What the specification allows and Gocker cannot run is told here.
struct StackBuilder {
    private var problems = Problems()

    static func build(_ model: Node, name: ProjectName, directory: String, problems: inout Problems) -> Stack? {
        var builder = StackBuilder()
        var services: OrderedDictionary<ServiceName, Service> = [:]
        let mapping = model["services"]?.mapping ?? Mapping()
        for (key, entry) in mapping {
            guard let serviceName = ServiceName(key), entry.value.mapping != nil else { continue }
            var reader = ServiceReader(serviceName, entry, services: mapping, resources: model)
            services[serviceName] = reader.read()
            builder.problems.add(reader.problems)
        }
        problems.add(builder.problems)
        let document = StackDocument(name: name, directory: directory, model: model, hasVariables: false)
        return Stack(name: name, directory: directory, services: services, document: document)
    }
}
