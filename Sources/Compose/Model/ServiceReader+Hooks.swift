internal import OrderedCollections

/// What a service runs at the turns of its life.
extension ServiceReader {
    mutating func readHooks() -> ServiceHooks {
        let preStart = (node["pre_start"]?.items ?? []).compactMap { node -> PreStartHook? in
            guard let hook = readHook(node, of: "pre_start") else { return nil }
            return PreStartHook(
                hook: hook, rootfs: node["rootfs"].flatMap { Rootfs($0) },
                isPerReplica: node["per_replica"]?.boolean ?? false)
        }
        return ServiceHooks(preStart: preStart, postStart: readHooks("post_start"), preStop: readHooks("pre_stop"))
    }

    private mutating func readHooks(_ key: String) -> [ServiceHook] {
        (node[key]?.items ?? []).compactMap { readHook($0, of: key) }
    }

    private mutating func readHook(_ hook: Node, of key: String) -> ServiceHook? {
        guard !hook.isInvalid, hook["command"]?.isInvalid != true else { return nil }
        let command = hook["command"]?.items?.compactMap(\.string) ?? []
        guard command.first?.isEmpty == false else {
            problems.error(
                "a hook of service \"\(name)\" has nothing to run; add \"command: …\" to this item of \"\(key)\"",
                at: hook.place)
            return nil
        }
        return ServiceHook(
            command: command, user: hook["user"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            isPrivileged: hook["privileged"]?.boolean ?? false, workingDirectory: readDirectory(of: hook, key),
            environment: readEnvironment(of: hook))
    }

    private mutating func readDirectory(of hook: Node, _ key: String) -> String? {
        guard let directory = hook["working_dir"], let text = directory.string, !text.isEmpty else { return nil }
        if Path.isAbsolute(text) { return Path.normalize(text) }
        problems.error(
            "expected an absolute path for \"working_dir\" in \"\(key)\" of service \"\(name)\", found \"\(text)\"",
            at: directory.place, notes: directory.notes)
        return nil
    }

    private mutating func readEnvironment(of hook: Node) -> OrderedDictionary<String, String> {
        var environment: OrderedDictionary<String, String> = [:]
        for (key, entry) in hook["environment"]?.mapping ?? Mapping() {
            if key.isEmpty || key.contains("=") {
                problems.error("\"\(key)\" cannot be the name of a variable", at: entry.key)
            }
            environment[key] = entry.value.string
        }
        return environment
    }
}
