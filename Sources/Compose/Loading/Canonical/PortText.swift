/// The short form of ports: `[[HOST_IP:]PUBLISHED:]TARGET[/PROTOCOL]`, each port perhaps a range.
enum PortText {
    struct Port: Equatable {
        var host: String?
        var published: String?
        var target: Int
        var proto: String
    }

    /// Reads the short form, which stands for as many ports as its target range has.
    ///
    /// - Throws: what is wrong with it.
    static func parse(_ text: String) throws(InvalidText) -> [Port] {
        let (address, target, proto) = try split(text)
        var (host, published) = (address, "")
        if let colon = address.lastIndex(of: ":") {
            published = String(address[address.index(after: colon)...])
            host = String(address[..<colon])
        } else {
            (host, published) = ("", address)
        }
        if host.first == "[", host.last == "]" {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw InvalidText("an IPv6 address has to be in brackets, as in [::1]:80:80")
        }
        guard host.isEmpty || IPAddress.isValid(host) else { throw InvalidText("\"\(host)\" is no IP address") }
        guard let targets = range(target) else { throw InvalidText("\"\(target)\" is no port of a container") }
        guard published.isEmpty || range(published) != nil else { throw InvalidText("\"\(published)\" is no port") }

        let ports = range(published)
        if let ports, ports.count != targets.count, targets.count > 1 {
            throw InvalidText("the ranges \(published) and \(target) have not the same length")
        }
        return targets.enumerated().map { index, target in
            var shown = ports.map { String($0.lowerBound + index) }
            if targets.count == 1, ports?.count ?? 1 > 1 { shown = published }
            return Port(host: host.isEmpty ? nil : host, published: shown, target: target, proto: proto)
        }
        .sorted { "\($0.target)/\($0.proto)" < "\($1.target)/\($1.proto)" }
    }

    /// The part for the host, the container's ports and the protocol.
    private static func split(_ text: String) throws(InvalidText) -> (host: String, target: String, proto: String) {
        var rest = text[...]
        var proto = "tcp"
        if let slash = rest.lastIndex(of: "/") {
            proto = rest[rest.index(after: slash)...].lowercased()
            rest = rest[..<slash]
            guard ["tcp", "udp", "sctp"].contains(proto) else { throw InvalidText("\"\(proto)\" is no protocol") }
        }
        guard let colon = rest.lastIndex(of: ":") else { return ("", String(rest), proto) }
        return (String(rest[..<colon]), String(rest[rest.index(after: colon)...]), proto)
    }

    private static func range(_ text: String) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = ends.first, ends.count <= 2, let low = number(first), let high = number(ends[ends.count - 1])
        else { return nil }
        return low <= high ? low...high : nil
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy(\.isDigit), let number = Int(text), number <= 65535 else { return nil }
        return number
    }
}

extension PortText.Port {
    func node(at place: SourceRange) -> Node {
        var port = Mapping()
        port.set("mode", .string("ingress", at: place), at: place)
        if let host { port.set("host_ip", .string(host, at: place), at: place) }
        port.set("target", .integer(Int64(target), at: place), at: place)
        if let published { port.set("published", .string(published, at: place), at: place) }
        port.set("protocol", .string(proto, at: place), at: place)
        return Node(.mapping(port), at: place)
    }
}

/// A text that is not in its format, and why.
struct InvalidText: Error, Equatable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
