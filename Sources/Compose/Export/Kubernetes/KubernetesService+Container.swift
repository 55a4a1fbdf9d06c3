internal import JSON
internal import Linux
internal import Runtime

/// What its container runs.
extension KubernetesService {
    /// Everything but its mounts.
    mutating func container() -> JSONValue {
        let entrypoint = texts("entrypoint")
        let command = texts("command")
        return .fields([
            "name": .string(name),
            "image": image(),
            "imagePullPolicy": pullPolicy(),
            "command": .texts(entrypoint.map(Self.escaped)),
            "args": .texts(command.map(Self.escaped)),
            "workingDir": text("working_dir").map { .string(Path.normalize($0)) },
            "env": environment(),
            "ports": containerPorts(),
            "stdin": node["stdin_open"]?.boolean == true ? true : nil,
            "tty": node["tty"]?.boolean == true ? true : nil,
            "resources": resources(),
            "securityContext": containerSecurity(),
        ])
    }

    /// What Kubernetes would take for the beginning of a variable, `$(`, or for one `$`, `$$`, written so that it does not.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            result.append(byte)
            guard byte == UInt8(ascii: "$"), index + 1 < bytes.count else { continue }
            if bytes[index + 1] == byte || bytes[index + 1] == UInt8(ascii: "(") { result.append(byte) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private mutating func image() -> JSONValue? {
        if let rootfs = StackDocument.rootfs(of: node) {
            if node["rootfs"]?["overlay"]?.boolean == false {
                refuse(
                    "overlay", "each container writes to a layer of its own; what is to stay goes to a volume",
                    at: node["rootfs"]?.mapping?.place(ofKey: "overlay"))
            }
            return .string(context.images[rootfs].map { "\($0)" } ?? "")
        }
        if let image = text("image") {
            if node["build"] != nil { warn("nothing is built: build \"\(image)\", and push it", at: place("build")) }
            return .string(image)
        }
        problems.error(
            node["build"] == nil
                ? "service \"\(key)\" has nothing to run in; add \"rootfs: DIRECTORY\" or \"image: …\""
                : "nothing is built: build the image of service \"\(key)\", push it, and name it with \"image\"",
            at: place("build"))
        return nil
    }

    private mutating func pullPolicy() -> JSONValue? {
        guard let policy = text("pull_policy") else { return nil }
        switch policy {
        case "always": return "Always"
        case "never": return "Never"
        case "missing", "if_not_present": return "IfNotPresent"
        case "build": return nil
        default:
            refuse("pull_policy", "an image is fetched \"always\", when it is \"missing\", or \"never\"")
            return nil
        }
    }

    private mutating func environment() -> JSONValue? {
        var variables: [JSONValue] = []
        for (name, entry) in (node["environment"]?.mapping ?? Mapping()).sorted(by: { $0.key < $1.key }) {
            // A name without a value takes it from whoever starts the service, who is somebody else there.
            guard let value = entry.value.string else { continue }
            let isName =
                name.utf8.first?.isDigit == false
                && name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-._".utf8.contains($0) }
            if !isName {
                problems.error(
                    "\"\(name)\" cannot be the name of a variable in Kubernetes: use letters, digits, \"_\", \"-\" and "
                        + "\".\"", at: entry.key)
            }
            variables.append(["name": .string(name), "value": .string(Self.escaped(value))])
        }
        return .list(variables)
    }
}

// MARK: What it may use

extension KubernetesService {
    private mutating func resources() -> JSONValue? {
        let limits = deploy?["resources"]?["limits"]
        let reserved = deploy?["resources"]?["reservations"]
        let most = JSONValue.fields([
            "cpu": processors(node["cpus"] ?? limits?["cpus"]) ?? processorQuota(),
            "memory": memory(node["mem_limit"] ?? limits?["memory"]),
            "ephemeral-storage": storage(),
        ])
        let least = JSONValue.fields([
            "cpu": processors(reserved?["cpus"]), "memory": memory(node["mem_reservation"] ?? reserved?["memory"]),
        ])
        checkSwap()
        return JSONValue.fields(["limits": most.orNil, "requests": least.orNil]).orNil
    }

    private func bytes(_ node: Node?) -> Int64? { node.flatMap { $0.string.flatMap(ByteText.parse) ?? $0.integer } }

    private func memory(_ node: Node?) -> JSONValue? {
        guard let bytes = bytes(node), bytes > 0 else { return nil }
        return .string(KubernetesQuantity.text(ByteCount(bytes: bytes)))
    }

    private func processors(_ node: Node?) -> JSONValue? {
        guard let count = node?.scalar.flatMap({ Double($0.display) }), count > 0, count.isFinite else { return nil }
        return .string(KubernetesQuantity.text(processors: count))
    }

    private func processorQuota() -> JSONValue? {
        guard let quota = node["cpu_quota"]?.integer, quota > 0 else { return nil }
        let period = node["cpu_period"]?.integer ?? 100_000
        guard period > 0 else { return nil }
        return .string(KubernetesQuantity.text(processors: Double(quota) / Double(period)))
    }

    /// What a container may write to its own layer.
    private mutating func storage() -> JSONValue? {
        var size: JSONValue?
        for (name, entry) in node["storage_opt"]?.mapping ?? Mapping() {
            if name == "size", let amount = memory(entry.value) {
                size = amount
            } else {
                refuse("storage_opt", "only \"size\", an amount such as 10g, has a counterpart", at: entry.key)
            }
        }
        return size
    }

    /// Pods have no swap unless their node is configured to give them some.
    private mutating func checkSwap() {
        guard let most = bytes(node["memswap_limit"]), most != 0 else { return }
        if most != bytes(node["mem_limit"] ?? deploy?["resources"]?["limits"]?["memory"]) {
            warn(
                "\"memswap_limit\" is left out: swap is said on the node, with memorySwap in the kubelet's configuration",
                at: place("memswap_limit"))
        }
    }
}

/// Amounts as Kubernetes writes them.
enum KubernetesQuantity {
    /// In the largest unit that leaves a whole number: `64Mi`.
    static func text(_ count: ByteCount) -> String {
        for (unit, shift) in [("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)] as [(String, Int64)]
        where count.bytes % (1 << shift) == 0 {
            return "\(count.bytes >> shift)\(unit)"
        }
        return String(count.bytes)
    }

    /// In thousandths, the smallest share there is: `500m`.
    static func text(processors count: Double) -> String {
        let thousandths = Int64(clamping: Int((min(count, 1_000_000) * 1000).rounded(.up)))
        return thousandths % 1000 == 0 ? String(thousandths / 1000) : "\(thousandths)m"
    }
}

// MARK: What it may do

extension KubernetesService {
    private mutating func containerSecurity() -> JSONValue {
        let rights = read { $0.readRights() }
        let isPrivileged = rights.isPrivileged && !rights.noNewPrivileges
        if rights.isPrivileged, !isPrivileged {
            refuse(
                "privileged",
                "privileged containers may gain privileges there; allow it with security_opt: [no-new-privileges:false]"
            )
        }
        if rights.showsKernel { refuse("security_opt", "/proc is masked for all", at: place("security_opt")) }
        let user = self.user()
        return .fields([
            "privileged": isPrivileged ? true : nil,
            "allowPrivilegeEscalation": .boolean(!rights.noNewPrivileges),
            "capabilities": isPrivileged ? nil : capabilities(rights.capabilities),
            "readOnlyRootFilesystem": .boolean(node["read_only"]?.boolean ?? false),
            "runAsUser": user.map { .integer($0.user) },
            "runAsGroup": user?.group.map { .integer($0) },
            "runAsNonRoot": user.map { $0.user != 0 } == true ? true : nil,
            "seccompProfile": seccompProfile(rights.isPrivileged && !isPrivileged ? .standard : rights.seccomp),
            "appArmorProfile": rights.appArmorProfile.map { name in
                name == "unconfined"
                    ? ["type": "Unconfined"] : ["type": "Localhost", "localhostProfile": .string(name)]
            },
        ])
    }

    /// The usual ones as changed: all are taken away, and those that are left given back.
    private func capabilities(_ change: CapabilityChange) -> JSONValue {
        let kept = change.applied(to: .standard, available: .all)
        // Where all are given and taken away, they are gone.
        if kept == .all { return ["add": ["ALL"]] }
        let names = Capability.allCases.filter(kept.contains).map { String($0.name.dropFirst("CAP_".count)) }
        return .fields(["drop": ["ALL"], "add": .texts(names)])
    }

    private mutating func seccompProfile(_ option: SeccompOption) -> JSONValue {
        switch option {
        case .standard: return ["type": "RuntimeDefault"]
        case .unconfined: return ["type": "Unconfined"]
        case .file(let path):
            let name = Path.name(of: path)
            warn(
                "the profile has to be on every node, as seccomp/\(name) in the kubelet's directory",
                at: place("security_opt"))
            return ["type": "Localhost", "localhostProfile": .string(name)]
        }
    }

    /// Numbers only: nobody looks a name up in the image before it runs.
    mutating func user() -> (user: Int64, group: Int64?)? {
        guard let text = text("user") else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let group = parts.count == 2 ? Int64(parts[1]) : nil
        guard let user = Int64(parts[0]), parts.count == 1 || group != nil else {
            refuse("user", "it has numbers only; write UID or UID:GID", at: node["user"]?.place)
            return nil
        }
        return (user, group)
    }
}
