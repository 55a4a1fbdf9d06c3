internal import JSON

/// A port that others reach a service at.
struct KubernetesPort {
    let target: Int64
    /// `TCP`, `UDP` or `SCTP`.
    let proto: String
    /// What it is called in Service objects.
    let name: String
    let appProtocol: String?
    /// The port outside; nil where it is not to be reached from there.
    var published: Int64?
    /// Whether it is the node's own port, at which address.
    var hostPort: (port: Int64, address: String?)?
    let place: SourceRange
}

extension KubernetesService {
    /// Ports under `ports` and `expose`, each once.
    mutating func readPorts() -> [KubernetesPort] {
        var ports = (node["ports"]?.items ?? []).compactMap { readPort($0) }
        for item in node["expose"]?.items ?? [] {
            guard let text = item.scalar?.display, let exposed = try? PortText.parse(text) else {
                problems.error(
                    "expected a port such as 8080 or 53/udp, found \"\(item.scalar?.display ?? "")\"", at: item.place)
                continue
            }
            for port in exposed {
                let proto = port.proto.uppercased()
                if ports.contains(where: { $0.target == port.target && $0.proto == proto }) { continue }
                ports.append(
                    KubernetesPort(
                        target: Int64(port.target), proto: proto, name: Self.name(port.proto, Int64(port.target)),
                        appProtocol: nil, place: item.place))
            }
        }
        checkNames(of: ports)
        return ports
    }

    /// A name is that of one port.
    private mutating func checkNames(of ports: [KubernetesPort]) {
        for (index, port) in ports.enumerated() {
            let isTaken = ports[..<index].contains {
                $0.name == port.name && ($0.target, $0.proto) != (port.target, port.proto)
            }
            if isTaken {
                problems.error("two ports of service \"\(key)\" have the name \"\(port.name)\"", at: port.place)
            }
        }
    }

    private static func name(_ proto: String, _ target: Int64) -> String { "\(proto.lowercased())-\(target)" }

    private mutating func readPort(_ node: Node) -> KubernetesPort? {
        guard let target = node["target"]?.integer, target > 0 else { return nil }
        let proto = (node["protocol"]?.string ?? "tcp").uppercased()
        guard ["TCP", "UDP", "SCTP"].contains(proto) else {
            problems.error("expected tcp, udp or sctp, found \"\(proto.lowercased())\"", at: node["protocol"]?.place)
            return nil
        }
        var name = Self.name(proto, target)
        if let said = node["name"]?.string, !said.isEmpty {
            name = said
            if KubernetesNames.label(said) != said || said.utf8.count > 15 || !said.utf8.contains(where: \.isLetter) {
                problems.error(
                    "the name of a port has at most 15 lower-case letters, digits and \"-\" in Kubernetes, found \"\(said)\"",
                    at: node["name"]?.place)
            }
        }
        var port = KubernetesPort(
            target: target, proto: proto, name: name, appProtocol: node["app_protocol"]?.string, place: node.place)
        publish(&port, node)
        return port
    }

    private mutating func publish(_ port: inout KubernetesPort, _ node: Node) {
        guard let published = node["published"]?.scalar?.display, !published.isEmpty else {
            warn(
                "port \(port.target) is published at no port of its own: it is to be reached in the cluster",
                at: node.place)
            return
        }
        guard let number = Int64(published), (1...65535).contains(number) else {
            refuse("ports", "a port is published at one port, not at one of \(published)", at: node.place)
            return
        }
        let address = node["host_ip"]?.string ?? ""
        if node["mode"]?.string == "host" {
            port.hostPort = (number, address.isEmpty ? nil : address)
        } else if address.hasPrefix("127.") || address == "::1" {
            warn(
                "port \(number) was for this machine only, and is not published: kubectl port-forward \(name) \(number)",
                at: node["host_ip"]?.place ?? node.place)
        } else if !address.isEmpty, address != "0.0.0.0", address != "::" {
            refuse("ports", "the cluster gives addresses; leave \"host_ip\" out", at: node["host_ip"]?.place)
        } else {
            if options.publishing == .nodePort, !(30_000...32_767).contains(number) {
                problems.error(
                    "port \(number) cannot be one of every node in Kubernetes: publish one from 30000 to 32767, or use "
                        + "another --publish", at: node["published"]?.place ?? node.place)
            }
            port.published = number
        }
    }

    /// The ports of a container, for those who read it, and those that are the node's own.
    mutating func containerPorts() -> JSONValue? {
        var seen: Set<String> = []
        return .list(
            readPorts().filter { seen.insert("\($0.name) \($0.hostPort?.port ?? 0)").inserted }.map { port in
                .fields([
                    "containerPort": .integer(port.target), "protocol": .string(port.proto),
                    "hostPort": port.hostPort.map { .integer($0.port) },
                    "hostIP": port.hostPort?.address.map { .string($0) },
                ])
            })
    }
}

// MARK: Services

extension KubernetesService {
    /// What makes it found by its names, and what publishes its ports.
    ///
    /// - Parameters:
    ///   - runs: whether it runs for good, so that it is found even where it says no port.
    ///   - aliases: its names besides its own, and who gave them.
    mutating func services(runs: Bool, aliases: [(name: String, place: SourceRange)]) -> [KubernetesObject] {
        guard text("network_mode") != "none" else { return [] }
        let ports = readPorts()
        guard runs || !ports.isEmpty else { return [] }
        var objects = [service(name, ports)]
        var taken: Set<String> = []
        for alias in aliases where alias.name != key && alias.name != name && taken.insert(alias.name).inserted {
            let isTaken = context.names.services.values.contains(alias.name)
            guard KubernetesNames.label(alias.name) == alias.name, alias.name.utf8.first?.isLetter == true, !isTaken
            else {
                problems.error(
                    isTaken
                        ? "\"\(alias.name)\" is a service already, and a name leads to one service in Kubernetes"
                        : "\"\(alias.name)\" cannot be a name in Kubernetes: use lower-case letters, digits and \"-\"",
                    at: alias.place)
                continue
            }
            objects.append(service(alias.name, ports))
        }
        if options.publishing != .none { objects += published(ports) }
        return objects
    }

    private static func unique(_ ports: [KubernetesPort], by number: (KubernetesPort) -> Int64) -> [KubernetesPort] {
        var seen: Set<String> = []
        return ports.filter { seen.insert("\(number($0))/\($0.proto)").inserted }
    }

    private static func port(_ port: KubernetesPort, _ number: Int64, isOfNodes: Bool = false) -> JSONValue {
        .fields([
            "name": .string(isOfNodes || number != port.target ? name(port.proto, number) : port.name),
            "port": .integer(number), "protocol": .string(port.proto), "targetPort": .integer(port.target),
            "nodePort": isOfNodes ? .integer(number) : nil, "appProtocol": port.appProtocol.map { .string($0) },
        ])
    }

    /// With ports the service has an address that leads to one of its pods at these; without, its name leads to all pods,
    /// at whatever port.
    private func service(_ name: String, _ ports: [KubernetesPort]) -> KubernetesObject {
        let isHeadless = ports.isEmpty || deploy?["endpoint_mode"]?.string == "dnsrr"
        return KubernetesObject(
            "Service", "v1", metadata: context.metadata(name, service: self.name),
            [
                "spec": .fields([
                    "clusterIP": isHeadless ? "None" : nil, "selector": selector,
                    "ports": .list(Self.unique(ports) { $0.target }.map { Self.port($0, $0.target) }),
                ])
            ], at: node.place)
    }

    private mutating func published(_ ports: [KubernetesPort]) -> [KubernetesObject] {
        let published = Self.unique(ports.filter { $0.published != nil }) { $0.published ?? 0 }
        guard let first = published.first else { return [] }
        let name = "\(self.name)-published"
        if context.names.services.values.contains(name) {
            problems.error(
                "the ports of service \"\(key)\" would be published by the name \"\(name)\", which is a service already",
                at: first.place)
        }
        let isOfNodes = options.publishing == .nodePort
        return [
            KubernetesObject(
                "Service", "v1", metadata: context.metadata(name, service: self.name),
                [
                    "spec": .fields([
                        "type": isOfNodes ? "NodePort" : "LoadBalancer", "selector": selector,
                        "ports": .list(published.map { Self.port($0, $0.published ?? 0, isOfNodes: isOfNodes) }),
                    ])
                ], at: node.place)
        ]
    }
}
