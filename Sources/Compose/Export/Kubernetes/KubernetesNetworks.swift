internal import JSON

/// Who reaches whom. Everybody does in a cluster, unless policies say otherwise: they are made where the stack has
/// other networks than the one that everybody is in.
struct KubernetesNetworks {
    private let context: KubernetesService.Context
    private let model: Node

    init(_ context: KubernetesService.Context) {
        self.context = context
        model = context.document.model
    }

    private var areIsolated: Bool {
        isInternal("default")
            || (model["services"]?.mapping ?? Mapping()).contains { _, entry in
                (entry.value["networks"]?.mapping ?? Mapping()).contains { $0.key != "default" }
            }
    }

    private func isInternal(_ network: String) -> Bool { model["networks"]?[network]?["internal"]?.boolean == true }

    /// What marks the pods of a service as members of its networks.
    func labels(of service: KubernetesService) -> [String: String] {
        guard areIsolated else { return [:] }
        var labels: [String: String] = [:]
        for network in (service.node["networks"]?.mapping ?? Mapping()).keys {
            if let name = context.names.resource("networks", network) { labels[Self.label(name)] = "member" }
        }
        return labels
    }

    private static func label(_ network: String) -> String { "gocker/network-\(network)" }

    /// A policy for each network, each service without one, and each that publishes ports.
    func policies(for services: [KubernetesService], ports: [String: [KubernetesPort]]) -> [KubernetesObject] {
        let used = Set(services.flatMap { Array(($0.node["networks"]?.mapping ?? Mapping()).keys) })
        let hasInternal = used.contains(where: isInternal)
        var policies: [KubernetesObject] = []
        let isIsolated = areIsolated
        for network in used.sorted() where isIsolated && model["networks"]?[network]?["external"]?.boolean != true {
            guard let name = context.names.resource("networks", network) else { continue }
            policies.append(policy(name, network: network, limitsEgress: hasInternal))
        }
        for service in services where service.text("network_mode") == "none" {
            policies.append(
                policy(
                    "\(service.name)-none", service: service.name,
                    ["podSelector": ["matchLabels": service.selector], "policyTypes": ["Ingress", "Egress"]]))
        }
        for service in services where isIsolated {
            let open = (ports[service.key] ?? []).filter { $0.published != nil || $0.hostPort != nil }
            guard !open.isEmpty else { continue }
            let list = open.map { port -> JSONValue in
                ["port": .integer(port.target), "protocol": .string(port.proto)]
            }
            policies.append(
                policy(
                    "\(service.name)-published", service: service.name,
                    [
                        "podSelector": ["matchLabels": service.selector], "policyTypes": ["Ingress"],
                        "ingress": [["ports": .array(list)]],
                    ]))
        }
        return policies
    }

    /// - Parameter limitsEgress: whether some network is internal: a pod reaches what any of its networks does.
    private func policy(_ name: String, network: String, limitsEgress: Bool) -> KubernetesObject {
        let members: JSONValue = ["podSelector": ["matchLabels": [Self.label(name): "member"]]]
        let names: JSONValue = [
            "ports": [["port": 53, "protocol": "UDP"], ["port": 53, "protocol": "TCP"]]
        ]
        let egress: JSONValue = isInternal(network) ? [["to": [members]], names] : [.object([])]
        return policy(
            name,
            members.adding([
                "policyTypes": limitsEgress ? ["Ingress", "Egress"] : ["Ingress"], "ingress": [["from": [members]]],
                "egress": limitsEgress ? egress : nil,
            ]))
    }

    private func policy(_ name: String, service: String? = nil, _ spec: JSONValue) -> KubernetesObject {
        KubernetesObject(
            "NetworkPolicy", "networking.k8s.io/v1", metadata: context.metadata(name, service: service),
            ["spec": spec], at: model.place)
    }
}
