/// What it shares.
extension ServiceReader {
    mutating func readNamespaces() -> ServiceNamespaces {
        var namespaces = ServiceNamespaces()
        if node["ipc"]?.string == "none" {
            namespaces.hasSharedMemory = false
        } else {
            namespaces.ipc = readSharing("ipc", also: ["private", "shareable"], "host, private, none or service:NAME")
        }
        namespaces.isShareable = node["ipc"]?.string == "shareable"
        if case .service(let other) = namespaces.ipc, services[other.text] != nil,
            services[other.text]?["ipc"]?.string != "shareable"
        {
            problems.error(
                "service \"\(name)\" shares \"ipc\" with \"\(other)\", which has to allow it: set \"ipc: shareable\" there",
                at: node["ipc"]?.place)
        }
        namespaces.processes = readSharing("pid", also: [], "host or service:NAME")
        namespaces.names = readSharing("uts", also: ["private"], "host or service:NAME")
        namespaces.hidesCgroups = node["cgroup"]?.string != "host"
        _ = read("userns_mode", "host, which is the same as to leave it out") { $0 == "host" ? true : nil }
        namespaces.domainName = node["domainname"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        namespaces.isNamed = node["hostname"]?.string?.isEmpty == false || namespaces.domainName != nil
        if let domain = namespaces.domainName, domain.utf8.count > 64 {
            refuse("domainname", "at most 64 bytes", found: domain)
        }
        if namespaces.isNamed, namespaces.names != .own {
            problems.error(
                "service \"\(name)\" shares its host name by \"uts\": it cannot have one of its own",
                at: node["hostname"]?.place ?? node["domainname"]?.place)
        }
        return namespaces
    }

    mutating func readNetwork() -> NetworkMode {
        guard let node = node["network_mode"], let text = node.string, !text.isEmpty else { return .host }
        if let mode = NetworkMode(text) { return mode }
        refuse("network_mode", "host, none or service:NAME", found: text)
        return .host
    }

    private mutating func readSharing(
        _ key: String, also own: [String], _ expected: String
    ) -> ServiceNamespaces.Sharing {
        let sharing = read(key, expected) { text -> ServiceNamespaces.Sharing? in
            if text == "host" { return .host }
            if own.contains(text) { return .own }
            guard text.hasPrefix("service:") else { return nil }
            return ServiceName(String(text.dropFirst("service:".count))).map { .service($0) }
        }
        return sharing ?? .own
    }
}
