/// How a service finds others by name: `extra_hosts`, `dns`, `dns_search`, `dns_opt`.
public struct NameResolution: Hashable, Sendable {
    /// A name and its address.
    public struct Host: Hashable, Sendable {
        public let name: String
        public let address: String
    }

    public var hosts: [Host] = []
    /// Addresses of name servers; empty for those of the machine.
    public var servers: [String] = []
    /// Domains that names are looked up in; nil for those of the machine, empty for none.
    public var searchedDomains: [String]?
    /// Options of resolv.conf(5); empty for those of the machine.
    public var options: [String] = []

    /// Whether it is that of the machine.
    var isOfMachine: Bool { servers.isEmpty && searchedDomains == nil && options.isEmpty }

    /// The machine's resolv.conf(5) with what the service says in place of it.
    func resolverFile(of machine: String) -> String {
        var lines: [String] = servers.map { "nameserver \($0)" }
        if let searchedDomains, !searchedDomains.isEmpty {
            lines.append("search \(searchedDomains.joined(separator: " "))")
        }
        if !options.isEmpty { lines.append("options \(options.joined(separator: " "))") }
        let kept = machine.split(separator: "\n").filter { line in
            switch line.split(whereSeparator: \.isWhitespace).first {
            case "nameserver": servers.isEmpty
            case "search", "domain": searchedDomains == nil
            case "options": options.isEmpty
            default: false
            }
        }
        return (lines + kept.map(String.init)).map { $0 + "\n" }.joined()
    }

    /// The content of an hosts(5) that has the service's own name and its `extra_hosts` besides what the machine's has.
    ///
    /// - Parameters:
    ///   - machine: the machine's file; nil where the service is not in its network.
    ///   - names: of the service, the full one first.
    func hostsFile(of machine: String?, names: [String]) -> String {
        var text = machine ?? "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
        if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
        // An address of the loopback that nothing else is called by. See Debian's hostname(1).
        if !names.isEmpty { text += "127.0.1.1 \(names.joined(separator: " "))\n" }
        for host in hosts { text += "\(host.address) \(host.name)\n" }
        return text
    }
}

extension ServiceReader {
    mutating func readNameResolution(_ network: NetworkMode) -> NameResolution {
        var resolution = NameResolution()
        for item in node["extra_hosts"]?.items ?? [] {
            guard let text = item.string else { continue }
            let (name, address) = Spelling.cut(text, "=")
            guard let host = readHost(String(name), String(address ?? ""), network, at: item.place) else { continue }
            resolution.hosts.append(host)
        }
        for item in node["dns"]?.items ?? [] {
            guard let text = item.string else { continue }
            if !IPAddress.isValid(text) {
                refuse("dns", "the IP address of a name server", found: text, at: item.place)
            }
            resolution.servers.append(text)
        }
        if let domains = node["dns_search"]?.items?.compactMap(\.string), !domains.isEmpty {
            resolution.searchedDomains = domains.filter { $0 != "." }
        }
        resolution.options = node["dns_opt"]?.items?.compactMap(\.string) ?? []
        for word in (resolution.searchedDomains ?? []) + resolution.options where word.contains(where: \.isWhitespace) {
            refuse("dns_search", "a word", found: word)
        }
        return resolution
    }

    private mutating func readHost(
        _ name: String, _ address: String, _ network: NetworkMode, at place: SourceRange
    ) -> NameResolution.Host? {
        var address = address
        if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
        if address == "host-gateway" {
            guard network == .host else {
                problems.error("the machine cannot be reached from another network than its own", at: place)
                return nil
            }
            address = "127.0.0.1"
        }
        guard !name.isEmpty, !name.contains(where: \.isWhitespace), IPAddress.isValid(address) else {
            refuse("extra_hosts", "NAME=ADDRESS", found: "\(name)=\(address)", at: place)
            return nil
        }
        return NameResolution.Host(name: name, address: address)
    }
}
