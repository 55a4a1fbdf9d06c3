/// Notes in each service what it uses that is not in its own definition: the contents of secrets and configs, by their
/// digests, what volumes are made of, and the mounts that it has from others. So a service is another one when one of
/// these has changed.
enum UsedContents {
    /// An extension, so that it is part of the canonical text.
    static let key = "x-gocker-uses"

    private static let largest = 16 << 20

    static func note(_ model: Node, _ load: inout Load) -> Node {
        let services = model["services"]?.mapping ?? Mapping()
        return model.mappingChild("services") { node in
            node.mapEntries { _, entry in
                let uses = uses(of: entry.value, services, model, &load)
                return entry.value.changingMapping { mapping in
                    mapping.remove(key)
                    if !uses.isEmpty { mapping.set(key, Node(.mapping(uses), at: entry.key), at: entry.key) }
                }
            }
        }
    }

    /// The digest of a secret or a config that has been noted in a service.
    static func digest(of name: String, _ kind: String, in service: Node) -> String? {
        service[key]?[kind]?[name]?.string
    }

    private static func uses(of service: Node, _ services: Mapping, _ model: Node, _ load: inout Load) -> Mapping {
        var uses = Mapping()
        for kind in ["configs", "secrets"] {
            var digests = Mapping()
            for mount in service[kind]?.items ?? [] {
                guard let name = mount["source"]?.string, let definition = model[kind]?[name] else { continue }
                guard let content = content(of: name, kind, definition, &load) else { continue }
                // With its name, so that the same text in two places is not seen to be the same.
                let digest = SHA256.hexadecimal(
                    Array("\(load.projectName?.text ?? "") \(kind) \(name)\n".utf8) + content)
                if definition["environment"] != nil || load.request.purpose == .export {
                    load.contents[digest] = content
                }
                digests.set(name, .string(digest, at: mount.place), at: mount.place)
            }
            add(digests, as: kind, to: &uses, at: service.place)
        }
        var volumes = Mapping()
        for mount in service["volumes"]?.items ?? [] where mount["type"]?.string == "volume" {
            guard let name = mount["source"]?.string, let definition = model["volumes"]?[name] else { continue }
            volumes.set(name, definition.changingMapping { $0.remove("labels") }, at: definition.place)
        }
        add(volumes, as: "volumes", to: &uses, at: service.place)
        var others = Mapping()
        for item in service["volumes_from"]?.items ?? [] {
            guard let text = item.string else { continue }
            let other = String(Spelling.cut(text, ":").0)
            guard let volumes = services[other]?["volumes"] else { continue }
            others.set(other, volumes, at: item.place)
        }
        add(others, as: "volumes_from", to: &uses, at: service.place)
        return uses
    }

    /// Keeps the variables that secrets and configs of an included stack are: only there is known what they hold.
    static func keepVariables(of inner: Load, in load: inout Load) {
        load.includedVariables.merge(inner.includedVariables) { $1 }
        for kind in ["configs", "secrets"] {
            for (name, entry) in inner.model?[kind]?.mapping ?? Mapping() {
                guard let variable = entry.value["environment"]?.string else { continue }
                guard let value = inner.environment.value(variable) else { continue }
                load.includedVariables[source(kind, name, variable)] = value
            }
        }
    }

    private static func source(_ kind: String, _ name: String, _ variable: String) -> String {
        "\(kind)/\(name)/\(variable)"
    }

    private static func add(_ mapping: Mapping, as key: String, to uses: inout Mapping, at place: SourceRange) {
        if !mapping.isEmpty { uses.set(key, Node(.mapping(mapping), at: place), at: place) }
    }

    /// - Returns: nil where there is none, which is told.
    private static func content(
        of name: String, _ kind: String, _ definition: Node, _ load: inout Load
    ) -> [UInt8]? {
        let single = kind.dropLast()
        if let text = definition["content"]?.string { return Array(text.utf8) }
        if let variable = definition["environment"], let text = variable.string {
            let included = load.includedVariables[Self.source(kind, name, text)]
            if let value = included ?? load.environment.value(text) { return Array(value.utf8) }
            load.problems.error(
                "the \(single) \"\(name)\" is the variable \"\(text)\", which is not set", at: variable.place)
        } else if let file = definition["file"], let path = file.string {
            switch load.host.read(path, atMost: largest) {
            case .success(let bytes): return bytes
            case .failure(.absent):
                load.problems.error(
                    "the \(single) \"\(name)\" is the file \"\(path)\", which is not there", at: file.place)
            case .failure(.tooLarge):
                load.problems.error("the \(single) \"\(name)\" is longer than 16 MiB", at: file.place)
            case .failure:
                load.problems.error("the \(single) \"\(name)\" cannot be read from \"\(path)\"", at: file.place)
            }
        }
        return nil
    }
}
