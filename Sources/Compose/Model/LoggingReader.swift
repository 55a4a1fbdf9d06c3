internal import Linux

/// Reads the key `logging` of a service.
struct LoggingReader {
    private let service: ServiceName
    private let options: Mapping
    private let driver: String
    private var problems = Problems()

    /// - Parameter node: nil where the service does not have the key.
    static func read(_ node: Node?, of service: ServiceName, problems: inout Problems) -> Logging {
        guard let node, node.mapping != nil else { return .standard }
        let name = node["driver"]?.string ?? ""
        var reader = LoggingReader(
            service: service, options: node["options"]?.mapping ?? Mapping(), driver: name.isEmpty ? "local" : name)
        defer { problems.add(reader.problems) }
        guard let known = Self.known[reader.driver] else {
            reader.refuseDriver(at: node["driver"]?.place ?? node.place)
            return .standard
        }
        reader.checkNames(among: known)
        return Logging(driver: reader.readDriver(), mode: reader.readMode())
    }

    private init(service: ServiceName, options: Mapping, driver: String) {
        self.service = service
        self.options = options
        self.driver = driver
    }

    private static let everywhere = ["mode", "max-buffer-size"]
    private static let files = ["max-size", "max-file", "compress"]

    /// The drivers with their own options.
    private static let known = [
        "local": files, "json-file": files, "journald": ["tag"],
        "syslog": ["syslog-address", "syslog-facility", "syslog-format", "tag"], "none": [],
    ]

    /// Docker's drivers that need a service elsewhere.
    private static let elsewhere = ["gelf", "fluentd", "awslogs", "splunk", "gcplogs", "etwlogs", "logentries"]

    /// Docker's options that add to what is sent beside the lines: without them nothing is lost.
    private static let ignored = ["labels", "labels-regex", "env", "env-regex"]
}

// MARK: Drivers

extension LoggingReader {
    private mutating func refuseDriver(at place: SourceRange) {
        let names = ["local", "json-file", "journald", "syslog", "none"]
        let reason =
            Self.elsewhere.contains(driver) || driver.contains("/") || driver.contains(":")
            ? "is not acted on by this version" : "is none"
        problems.error(
            "the logging driver \"\(driver)\" of service \"\(service)\" \(reason); "
                + "there are \(names.dropLast().joined(separator: ", ")) and none", at: place,
            suggestion: NearestName.find(driver, among: names))
    }

    private mutating func checkNames(among known: [String]) {
        for (name, entry) in options {
            if known.contains(name) || Self.everywhere.contains(name) { continue }
            if Self.ignored.contains(name) {
                problems.warning("the logging option \"\(name)\" is not acted on by this version", at: entry.key)
                continue
            }
            problems.error(
                "the logging driver \"\(driver)\" of service \"\(service)\" has no option \"\(name)\"", at: entry.key,
                suggestion: NearestName.find(name, among: known + Self.everywhere))
        }
    }

    private mutating func readDriver() -> Logging.Driver {
        switch driver {
        case "json-file": .jsonFile(readRotation(.unbounded))
        case "journald": .journald(tag: readTag())
        case "syslog": .syslog(readSyslog())
        case "none": .none
        default: .local(readRotation(.standard))
        }
    }

    private mutating func readRotation(_ standard: LogRotation) -> LogRotation {
        var rotation = standard
        if let text = text("max-size"), let size = read("max-size", Self.size, { Self.parseSize($0) }) {
            // Docker writes "no limit" so.
            rotation.maxSize = text == "-1" ? nil : size
        }
        rotation.maxFiles =
            read("max-file", "a whole number above 0", { Int($0).flatMap { $0 > 0 ? $0 : nil } }) ?? standard.maxFiles
        rotation.compress = read("compress", "true or false", { Self.truths[$0] }) ?? standard.compress
        if rotation.maxSize == nil, rotation.maxFiles > 1, text("max-file") != nil {
            refuse("max-file", "no more than 1 file where there is no \"max-size\"", found: text("max-file") ?? "")
        }
        return rotation
    }

    private mutating func readMode() -> Logging.Mode {
        let modes = ["blocking": false, "non-blocking": true]
        let isNonBlocking = read("mode", "blocking or non-blocking", among: Array(modes.keys)) { modes[$0] } ?? false
        let buffer = read("max-buffer-size", Self.size) { Self.parseSize($0) }
        guard isNonBlocking else {
            if buffer != nil {
                refuse("max-buffer-size", "\"mode: non-blocking\" beside it", found: text("max-buffer-size") ?? "")
            }
            return .blocking
        }
        return .nonBlocking(buffer: buffer ?? .mebibytes(1))
    }

    private mutating func readTag() -> String? {
        let expected = "a text with no other variables than \(LogTag.variables.joined(separator: ", "))"
        return read("tag", expected) { LogTag.isValid($0) ? $0 : nil }
    }

    private mutating func readSyslog() -> SyslogOptions {
        let formats: [String: SyslogOptions.Format] = [
            "rfc3164": .rfc3164, "rfc5424": .rfc5424(isPrecise: false), "rfc5424micro": .rfc5424(isPrecise: true),
        ]
        return SyslogOptions(
            address: read("syslog-address", SyslogOptions.Address.expected, { SyslogOptions.Address($0) })
                ?? .unix("/dev/log"),
            format: read(
                "syslog-format", "rfc3164, rfc5424 or rfc5424micro", among: Array(formats.keys), { formats[$0] })
                ?? .rfc3164,
            facility: read(
                "syslog-facility", "the name of a facility such as daemon, or its number from 0 to 23",
                among: SyslogMessage.facilities, Self.facility) ?? 3,
            tag: readTag())
    }

    private static let size = "a size such as 10m"
    private static let truths = ["true": true, "false": false]

    private static func parseSize(_ text: String) -> ByteCount? {
        if text == "-1" { return ByteCount(bytes: .max) }
        return ByteCount(text).flatMap { $0.bytes > 0 ? $0 : nil }
    }

    private static func facility(_ text: String) -> Int? {
        SyslogMessage.facilities.firstIndex(of: text) ?? Int(text).flatMap { (0..<24).contains($0) ? $0 : nil }
    }
}

// MARK: Texts

extension LoggingReader {
    private func text(_ name: String) -> String? {
        options[name]?.scalar?.display
    }

    /// Reads an option that has to be something; tells what, where it is not.
    private mutating func read<Value>(
        _ name: String, _ expected: String, among words: [String] = [], _ parse: (String) -> Value?
    ) -> Value? {
        guard let text = text(name) else { return nil }
        if let value = parse(text) { return value }
        refuse(name, expected, found: text, among: words)
        return nil
    }

    private mutating func refuse(_ name: String, _ expected: String, found: String, among words: [String] = []) {
        problems.error(
            "expected \(expected) for the logging option \"\(name)\" of service \"\(service)\", found \"\(found)\"",
            at: options[name]?.place, suggestion: NearestName.find(found, among: words))
    }
}

extension SyslogOptions.Address {
    static let expected =
        "an address such as unix:///dev/log, udp://192.0.2.1:514 or tcp://192.0.2.1:514 with a number for the host"

    /// Reads `unix://PATH`, `unixgram://PATH`, `udp://HOST[:PORT]` and `tcp://HOST[:PORT]`. Hosts are numbers: a name would
    /// have to be looked up while services wait.
    init?(_ text: String) {
        guard let range = text.firstRange(of: "://") else { return nil }
        let rest = text[range.upperBound...]
        switch text[..<range.lowerBound] {
        case "unix", "unixgram":
            guard rest.hasPrefix("/") else { return nil }
            self = .unix(String(rest))
        case "udp":
            guard let (host, port) = Self.hostAndPort(rest) else { return nil }
            self = .udp(host: host, port: port)
        case "tcp":
            guard let (host, port) = Self.hostAndPort(rest) else { return nil }
            self = .tcp(host: host, port: port)
        default:
            return nil
        }
    }

    private static func hostAndPort(_ text: Substring) -> (String, UInt16)? {
        var host = text
        var port: UInt16 = 514
        let bracket = text.lastIndex(of: "]")
        if let colon = text.lastIndex(of: ":"), colon > bracket ?? text.startIndex {
            guard let number = UInt16(text[text.index(after: colon)...]), number > 0 else { return nil }
            (host, port) = (text[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        let numeric = host == "localhost" ? "127.0.0.1" : String(host)
        return IPAddress.isValid(numeric) ? (numeric, port) : nil
    }
}
