/// When a service is ready for others, found out from outside of it: no tool has to be in its root file system.
public struct Readiness: Hashable, Sendable {
    /// What tells.
    public enum Sign: Hashable, Sendable {
        /// Somebody accepts connections there.
        case tcp(Endpoint)

        /// A GET is answered with a status from 200 to 399.
        case http(HTTPTarget)

        /// Somebody accepts connections at this path in the service.
        case unix(String)

        /// This path exists in the service.
        case file(String)

        /// A line of the output matches this extended regular expression.
        case log(String)

        /// The service says so itself, as to systemd. See sd_notify(3).
        case notify
    }

    public let sign: Sign

    /// How long to wait between attempts; nil for short at first, and longer every time.
    public let interval: Duration?

    /// How long an attempt may take.
    public let timeout: Duration

    public init(_ sign: Sign, interval: Duration? = nil, timeout: Duration = .seconds(5)) {
        self.sign = sign
        self.interval = interval
        self.timeout = timeout
    }
}

/// An address and a port, as seen from within a service.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// An IP address, version 4 or 6, without brackets.
    public let address: String
    public let port: UInt16

    /// The address of the service itself, if it does not say another one.
    public static let loopback = "127.0.0.1"

    public init(address: String = loopback, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Reads `PORT`, `ADDRESS:PORT`, `[ADDRESS]:PORT`; `localhost` is the loopback address. Other names are not looked
    /// up: that could take long, and give another answer within the service.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else {
            self.init(host: Self.loopback, port: text)
            return
        }
        self.init(host: text[..<colon], port: text[text.index(after: colon)...])
    }

    private init?(host: some StringProtocol, port: some StringProtocol) {
        guard port.utf8.allSatisfy(\.isDigit), let number = UInt16(port), number > 0 else { return nil }
        var address = host == "localhost" ? Self.loopback : String(host)
        let isBracketed = address.hasPrefix("[") && address.hasSuffix("]")
        if isBracketed { address = String(address.dropFirst().dropLast()) }
        guard IPAddress.isValid(address), isBracketed == address.contains(":") else { return nil }
        self.init(address: address, port: number)
    }

    /// `127.0.0.1:80`, `[::1]:80`.
    public var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

/// What is asked for over HTTP.
public struct HTTPTarget: Hashable, Sendable {
    public let endpoint: Endpoint

    /// The path and the query, from the `/` on.
    public let path: String

    public init(_ endpoint: Endpoint, path: String) {
        self.endpoint = endpoint
        self.path = path
    }

    /// Reads `PORT[/PATH]`, `ADDRESS:PORT[/PATH]` or a URL that begins with `http://`, where the port may be left out.
    public init?(_ text: String) {
        let scheme = "http://"
        let isURL = text.hasPrefix(scheme)
        let rest = isURL ? text.dropFirst(scheme.count) : text[...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        let path = slash == rest.endIndex ? "/" : String(rest[slash...])
        let hasPort = authority.last != "]" && authority.contains(":")
        guard let endpoint = Endpoint(isURL && !hasPort ? "\(authority):80" : String(authority)),
            // What goes into a request line as it is: no blanks, no line feeds, nothing that has to be encoded first.
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") })
        else { return nil }
        self.init(endpoint, path: path)
    }
}
