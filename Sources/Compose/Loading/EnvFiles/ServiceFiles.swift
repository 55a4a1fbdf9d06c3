internal import OrderedCollections

/// Reads the files that a service takes variables and labels from, and puts what they say below what it says itself.
enum ServiceFiles {
    static func read(_ service: Node, _ load: inout Load) -> Node {
        guard service.mapping != nil else { return service }
        var result = service
        if !load.request.keeps(.environmentFiles) { result = readEnvironment(result, &load) }
        return readLabels(result, &load)
    }

    private static func readEnvironment(_ service: Node, _ load: inout Load) -> Node {
        guard let files = service["env_file"]?.items, !files.isEmpty else {
            return service["env_file"] == nil ? service : service.changingMapping { $0.remove("env_file") }
        }
        let own = service["environment"]?.mapping ?? Mapping()
        let environment = load.environment
        let lookup = { (name: String) in environment.value(name) ?? own[name]?.string }
        var variables: OrderedDictionary<String, Environment.Variable> = [:]
        for node in files {
            guard let path = node["path"], let text = path.string else { continue }
            let isRequired = node["required"]?.boolean ?? true
            if !isRequired, case .absent = load.host.kind(ofPath: text) { continue }
            guard let file = load.read(text, named: load.display(text), at: path.place) else { continue }
            var reader = EnvFile(file, earlier: variables, lookup: lookup)
            switch node["format"]?.string {
            case nil, "": reader.read()
            case "raw": reader.readRaw()
            case let format?:
                load.problems.error("\"\(format)\" is no format of env files; known is raw", at: node["format"]?.place)
            }
            load.problems.add(reader.problems)
            variables = reader.variables
        }
        return service.changingMapping { mapping in
            mapping.remove("env_file")
            put(variables, below: own, as: "environment", &mapping)
        }
    }

    private static func readLabels(_ service: Node, _ load: inout Load) -> Node {
        guard let files = service["label_file"]?.items, !files.isEmpty else { return service }
        var labels: OrderedDictionary<String, Environment.Variable> = [:]
        for node in files {
            guard let path = node.string else { continue }
            guard let file = load.read(path, named: load.display(path), at: node.place) else { continue }
            let earlier = labels
            var reader = EnvFile(file, earlier: earlier) { earlier[$0]?.value }
            reader.read()
            load.problems.add(reader.problems)
            labels = reader.variables
        }
        return service.changingMapping { mapping in
            mapping.remove("label_file")
            put(labels, below: mapping["labels"]?.mapping ?? Mapping(), as: "labels", &mapping)
        }
    }

    private static func put(
        _ variables: OrderedDictionary<String, Environment.Variable>, below own: Mapping, as key: String,
        _ service: inout Mapping
    ) {
        guard !variables.isEmpty else { return }
        var merged = own
        for (name, variable) in variables where own.entry(name) == nil {
            guard case .file(let place) = variable.origin else { continue }
            merged.set(name, Node.string(variable.value, at: place).through(.envFile(place)), at: place)
        }
        guard let place = service.place(ofKey: key) ?? merged.first(where: { _ in true })?.value.key else { return }
        let node = service[key]?.with(.mapping(merged)) ?? Node(.mapping(merged), at: place)
        service.set(key, node, at: place)
    }
}
