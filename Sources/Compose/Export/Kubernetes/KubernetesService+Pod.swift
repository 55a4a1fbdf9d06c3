internal import JSON
internal import Linux
internal import OrderedCollections

/// What a workload makes its pods of.
struct KubernetesPod {
    var container: JSONValue
    /// What all containers of the pod share, in order.
    var settings: JSONValue
    var mounts: KubernetesMounts
    var labels: [String: String]
    var annotations: [String: String]

    /// The settings that another container has to agree to that comes into the pod.
    static let shared = [
        "runtimeClassName", "hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "dnsPolicy", "dnsConfig",
        "hostAliases",
        "securityContext", "nodeSelector", "affinity",
    ]
}

extension KubernetesService {
    /// - Parameters:
    ///   - isKept: as for its mounts.
    ///   - isStep: whether it is run in the pods of others, before they start.
    mutating func pod(isKept: Bool, isStep: Bool) -> KubernetesPod {
        let mounts = mounts(isKept: isKept)
        var container = self.container()
        if isStep {
            for hook in ["post_start", "pre_stop"] where node[hook]?.isUnset == false {
                refuse(hook, "\"\(key)\" is run in the pods of others before they start, and has no hooks there")
            }
            if let check = node["healthcheck"] ?? node["ready"], !check.isUnset {
                warn("nobody asks whether it is healthy: it is run in the pods of others", at: check.place)
            }
        } else {
            container = container.adding(probes()).adding(["lifecycle": lifecycle()])
            checkStopSignal()
        }
        container = container.adding(["volumeMounts": .list(mounts.mounts)])
        let notes = KubernetesLabel.notes(node["labels"], &problems)
        let annotations = KubernetesLabel.annotations(node["annotations"], &problems)
        return KubernetesPod(
            container: container, settings: settings(mounts), mounts: mounts, labels: notes.labels,
            annotations: notes.annotations.merging(annotations) { $1 })
    }

    /// The class and what nodes know the runtime by have one name, which is a label for the latter.
    private mutating func runtimeClass() -> String? {
        guard let name = text("runtime") else { return options.runtimeClass }
        if KubernetesNames.label(name) != name {
            problems.error(
                "a runtime cannot be called \"\(name)\" in Kubernetes: use lower-case letters, digits and \"-\"",
                at: place("runtime"))
        }
        return name
    }

    private mutating func settings(_ mounts: KubernetesMounts) -> JSONValue {
        let network: NetworkMode = isInHostNetwork ? .host : .none
        let resolution = read { $0.readNameResolution(network) }
        if !resolution.servers.isEmpty {
            warn("the cluster's own name server is asked first, and these behind it", at: place("dns"))
        }
        return .fields([
            "runtimeClassName": runtimeClass().map { .string($0) },
            "os": stopSignal == nil ? nil : ["name": "linux"],
            "hostname": hostname(),
            "hostNetwork": isInHostNetwork ? true : nil,
            "hostPID": isOfHost("pid") ? true : nil,
            "hostIPC": isOfHost("ipc") ? true : nil,
            "shareProcessNamespace": sharesProcesses() ? true : nil,
            "dnsPolicy": isInHostNetwork ? "ClusterFirstWithHostNet" : nil,
            "dnsConfig": dnsConfig(resolution),
            "hostAliases": hostAliases(resolution),
            "securityContext": podSecurity(mounts),
            "nodeSelector": .texts(nodeSelector()),
            "affinity": affinity(),
            "topologySpreadConstraints": spread(),
            // Nothing of Compose's reaches into the cluster.
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "terminationGracePeriodSeconds": .integer(gracePeriod),
        ])
    }

    // MARK: What it shares

    private mutating func isOfHost(_ key: String) -> Bool {
        guard let text = text(key) else { return false }
        switch text {
        case "host": return true
        case "private", "shareable": return false
        default:
            refuse(key, "only the containers of one pod share that, and each service has pods of its own")
            return false
        }
    }

    /// The pod's first process takes care of orphans then, as our own init does.
    private mutating func sharesProcesses() -> Bool {
        if node["uts"]?.isUnset == false, !isInHostNetwork, text("uts") != "private" {
            refuse("uts", "a pod has the node's host name only with its network: \"network_mode: host\"")
        }
        if text("cgroup") == "host" { refuse("cgroup", "a container sees its own control groups only") }
        if let mode = text("network_mode"), mode.contains(":") {
            refuse(
                "network_mode", "only the containers of one pod share a network, and each service has pods of its own")
        }
        return node["init"]?.boolean == true && text("pid") != "host"
    }

    private mutating func hostname() -> JSONValue? {
        guard let hostname = text("hostname") else { return nil }
        if KubernetesNames.label(hostname) == hostname { return .string(hostname) }
        refuse(
            "hostname", "it is lower-case letters, digits and \"-\"", at: node["hostname"]?.place ?? place("hostname"))
        return nil
    }

    // MARK: Names

    private func dnsConfig(_ resolution: NameResolution) -> JSONValue? {
        JSONValue.fields([
            "nameservers": .texts(resolution.servers), "searches": .texts(resolution.searchedDomains ?? []),
            "options": .list(
                resolution.options.map { option in
                    let (name, value) = Spelling.cut(option, ":")
                    return .fields(["name": .string(String(name)), "value": value.map { .string(String($0)) }])
                }),
        ]).orNil
    }

    private mutating func hostAliases(_ resolution: NameResolution) -> JSONValue? {
        var names: OrderedDictionary<String, [String]> = [:]
        for host in resolution.hosts where !KubernetesObject.isName(host.name) {
            refuse(
                "extra_hosts", "\"\(host.name)\" is no name there: small letters, digits, - and . only",
                at: place("extra_hosts"))
        }
        for host in resolution.hosts { names[host.address, default: []].append(host.name) }
        return .list(names.map { ["ip": .string($0.key), "hostnames": .texts($0.value) ?? .array([])] })
    }

    // MARK: Rights

    /// Settings of the kernel that pods may have without the node's consent.
    private static let safeSettings: Set<String> = [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ]

    private mutating func podSecurity(_ mounts: KubernetesMounts) -> JSONValue? {
        var ids: [JSONValue] = []
        for group in texts("group_add") {
            if let number = Int64(group) {
                ids.append(.integer(number))
            } else {
                refuse("group_add", "groups are numbers; write the one of \"\(group)\"")
            }
        }
        let limits = read { $0.readLimits(ServiceNamespaces(), .none) }
        var settings = limits.kernelSettings
        if isInHostNetwork, let setting = settings.first(where: { $0.name.hasPrefix("net") }) {
            refuse("sysctls", "\"\(setting.name)\" is the node's, whose network this is")
            settings = []
        }
        for setting in settings where !Self.safeSettings.contains(setting.name) {
            let place = node["sysctls"]?.mapping?.place(ofKey: setting.name) ?? place("sysctls")
            warn("nodes have to allow \"\(setting.name)\": kubelet --allowed-unsafe-sysctls", at: place)
        }
        // A volume is root's, and written to by whoever is in this group.
        let user = self.user()
        let group = mounts.isStateful && user.map { $0.user != 0 } == true ? user?.group ?? user?.user : nil
        return JSONValue.fields([
            "supplementalGroups": .list(ids), "fsGroup": group.map { .integer($0) },
            "fsGroupChangePolicy": group == nil ? nil : "OnRootMismatch",
            "sysctls": .list(
                settings.map { ["name": .string($0.name), "value": .string($0.value)] }),
        ]).orNil
    }
}

// MARK: Where it runs

extension KubernetesService {
    /// `node.labels.disk==ssd`, taken apart.
    private struct Constraint {
        let label: String
        let isEqual: Bool
        let value: String

        init?(_ text: String) {
            let isEqual = text.contains("==")
            let parts = text.split(separator: isEqual ? "==" : "!=").map { $0.filter { $0 != " " } }
            guard parts.count == 2, let label = Self.label(parts[0]) else { return nil }
            self.label = label
            self.isEqual = isEqual
            value = parts[1] == "x86_64" ? "amd64" : parts[1] == "aarch64" ? "arm64" : parts[1]
        }

        /// A label of nodes by its name in Swarm; nil where there is no such thing.
        static func label(_ text: String) -> String? {
            switch text {
            case "node.hostname": return "kubernetes.io/hostname"
            case "node.platform.os": return "kubernetes.io/os"
            case "node.platform.arch": return "kubernetes.io/arch"
            default:
                guard text.hasPrefix("node.labels.") else { return nil }
                let label = String(text.dropFirst("node.labels.".count))
                return KubernetesLabel.isKey(label) ? label : nil
            }
        }
    }

    private var constraints: [(text: String, place: SourceRange)] {
        (deploy?["placement"]?["constraints"]?.items ?? []).compactMap { item in item.string.map { ($0, item.place) } }
    }

    private static let systems = ["linux", "windows"]

    /// Go's names, which nodes are labelled with, for others that image platforms may have.
    private static let architectures = [
        "x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "i386": "386", "armhf": "arm", "armel": "arm",
    ]

    private mutating func nodeSelector() -> [String: String] {
        var labels: [String: String] = [:]
        if let platform = text("platform") {
            // OS, ARCHITECTURE, OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, which no node is labelled with.
            let parts = platform.lowercased().split(separator: "/").map(String.init)
            let hasSystem = parts.count > 1 || Self.systems.contains(platform.lowercased())
            if hasSystem { labels["kubernetes.io/os"] = parts.first }
            let architecture = hasSystem ? parts.dropFirst().first : parts.first
            labels["kubernetes.io/arch"] = architecture.map { Self.architectures[$0] ?? $0 }
        }
        for (text, place) in constraints {
            guard let constraint = Constraint(text), KubernetesLabel.isValue(constraint.value) else {
                refuse(
                    "constraints", "nodes are chosen by labels, as node.labels.disk==ssd, or by node.hostname",
                    at: place)
                continue
            }
            if constraint.isEqual { labels[constraint.label] = constraint.value }
        }
        return labels
    }

    private mutating func affinity() -> JSONValue? {
        let excluded = constraints.compactMap { Constraint($0.text) }.filter { !$0.isEqual }
        let expressions: [JSONValue] = excluded.map {
            ["key": .string($0.label), "operator": "NotIn", "values": [.string($0.value)]]
        }
        return JSONValue.fields([
            "nodeAffinity": expressions.isEmpty
                ? nil
                : [
                    "requiredDuringSchedulingIgnoredDuringExecution": [
                        "nodeSelectorTerms": [["matchExpressions": .array(expressions)]]
                    ]
                ],
            "podAntiAffinity": alone(),
        ]).orNil
    }

    /// At most one on each node.
    private mutating func alone() -> JSONValue? {
        guard let most = deploy?["placement"]?["max_replicas_per_node"], let number = most.integer, number > 0 else {
            return nil
        }
        if number > 1 {
            refuse(
                "max_replicas_per_node", "there is a word for one on each node, and for no other number", at: most.place
            )
            return nil
        }
        return [
            "requiredDuringSchedulingIgnoredDuringExecution": [
                ["labelSelector": ["matchLabels": selector], "topologyKey": "kubernetes.io/hostname"]
            ]
        ]
    }

    private mutating func spread() -> JSONValue? {
        var constraints: [JSONValue] = []
        for preference in deploy?["placement"]?["preferences"]?.items ?? [] {
            guard let text = preference["spread"]?.string, let label = Constraint.label(text) else {
                refuse("preferences", "pods are spread by labels of nodes, as node.labels.zone", at: preference.place)
                continue
            }
            constraints.append([
                "maxSkew": 1, "topologyKey": .string(label), "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": ["matchLabels": selector],
            ])
        }
        return .list(constraints)
    }
}
