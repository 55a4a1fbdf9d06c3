/// Tells what a stack may do and probably should not: no limits, too many rights, things that change by themselves.
struct Lint {
    private var problems = Problems()

    /// Warns of what is risky in a model.
    static func check(_ model: Node, problems: inout Problems) {
        var lint = Lint()
        for (name, entry) in model["services"]?.mapping ?? Mapping() {
            lint.check(name, entry)
        }
        problems.add(lint.problems)
    }

    private mutating func check(_ name: String, _ entry: Mapping.Entry) {
        let service = entry.value
        checkLimits(name, entry)
        checkRights(name, service)
        checkMounts(name, service)
        if let image = service["image"], let text = image.string, Self.isLatest(text) {
            problems.warning(
                "the image \"\(text)\" of service \"\(name)\" may change at any time: name a version", at: image.place)
        }
        if service["restart"] == nil, service["deploy"]?["restart_policy"] == nil {
            problems.warning(
                "service \"\(name)\" stays down when it ends: set \"restart\", if only to \"no\"", at: entry.key)
        }
        if let check = service["healthcheck"], check["test"] != nil, check["retries"] == nil {
            problems.warning("the health check of service \"\(name)\" does not say how often to retry", at: check.place)
        }
    }

    private mutating func checkLimits(_ name: String, _ entry: Mapping.Entry) {
        let limits = entry.value["deploy"]?["resources"]?["limits"]
        if entry.value["mem_limit"] == nil, limits?["memory"] == nil {
            problems.warning("service \"\(name)\" may use all memory: set \"mem_limit\"", at: entry.key)
        }
        if entry.value["pids_limit"]?.integer == -1 {
            let message = "service \"\(name)\" may start any number of processes"
            problems.warning(message, at: entry.value["pids_limit"]?.place)
        }
    }

    private mutating func checkRights(_ name: String, _ service: Node) {
        if let privileged = service["privileged"], privileged.boolean == true {
            problems.warning(
                "service \"\(name)\" is privileged: it can do anything to the machine", at: privileged.place)
        }
        for option in service["security_opt"]?.items ?? [] {
            guard let text = option.string, text.hasSuffix("unconfined") || text.hasSuffix("false") else { continue }
            problems.warning("\"\(text)\" takes a protection away from service \"\(name)\"", at: option.place)
        }
        for key in ["pid", "ipc", "userns_mode", "uts"] {
            guard let node = service[key], node.string == "host" else { continue }
            problems.warning("service \"\(name)\" shares \"\(key)\" with the machine", at: node.place)
        }
    }

    private mutating func checkMounts(_ name: String, _ service: Node) {
        for mount in service["volumes"]?.items ?? [] where mount["read_only"]?.boolean != true {
            guard mount["type"]?.string == "bind", let source = mount["source"]?.string else { continue }
            guard ["/", "/etc", "/boot", "/proc", "/sys", "/dev", "/var/run/docker.sock"].contains(source) else {
                continue
            }
            problems.warning(
                "service \"\(name)\" can change \"\(source)\" of the machine: mount it \"ro\"", at: mount.place)
        }
    }

    private static func isLatest(_ image: String) -> Bool {
        let name = image.split(separator: "/").last ?? ""
        return name.hasSuffix(":latest") || !name.contains(":") && !image.contains("@")
    }
}
