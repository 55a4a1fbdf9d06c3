/// Drops the networks, volumes, secrets, configs and models that no service uses.
enum UnusedResources {
    static func drop(_ model: Node) -> Node {
        let services = Array(model["services"]?.mapping?.values.map { $0 } ?? [])
        var used: [String: Set<String>] = [:]
        for service in services {
            for kind in ["networks", "models"] {
                used[kind, default: []].formUnion(service[kind]?.mapping.map { Array($0.keys) } ?? [])
            }
            for kind in ["secrets", "configs"] {
                used[kind, default: []].formUnion(sources(service[kind]))
            }
            used["secrets", default: []].formUnion(sources(service["build"]?["secrets"]))
            let volumes = service["volumes"]?.items?.filter { $0["type"]?.string == "volume" } ?? []
            used["volumes", default: []].formUnion(volumes.compactMap { $0["source"]?.string })
        }
        return model.changingMapping { mapping in
            for kind in ["networks", "volumes", "secrets", "configs", "models"] {
                mapping.modify(kind) { node in
                    node = node.mapEntries { used[kind]?.contains($0) == true ? $1.value : nil }
                }
            }
        }
    }

    private static func sources(_ mounts: Node?) -> [String] {
        mounts?.items?.compactMap { $0["source"]?.string } ?? []
    }
}
