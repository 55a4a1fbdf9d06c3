internal import Linux

/// What a service says about when it is ready.
extension ServiceReader {
    private static let signs = ["tcp", "http", "unix", "file", "log", "notify"]

    mutating func readReadiness() -> Readiness? {
        guard let ready = node["ready"], let mapping = ready.mapping else { return nil }
        let interval = readTime("interval", of: ready, "ready")
        let timeout = readTime("timeout", of: ready, "ready")
        let said = Self.signs.filter { mapping[$0].map { !$0.isNull && $0.boolean != false } == true }
        guard let kind = said.first, said.count == 1, let value = mapping.entry(kind) else {
            refuseSigns(said, ready)
            return nil
        }
        guard let sign = readSign(kind, value.value) else { return nil }
        return Readiness(sign, interval: interval, timeout: timeout ?? .seconds(5))
    }

    private mutating func refuseSigns(_ said: [String], _ ready: Node) {
        // What is invalid, and keys that nobody knows, have been told already.
        let isTold = ready.mapping?.contains { Table.ready[$0.key] == nil || $0.value.value.isInvalid }
        if isTold == true { return }
        if said.isEmpty {
            problems.error(
                "\"ready\" of service \"\(name)\" does not say by what; add one of \(Self.signs.joined(separator: ", "))",
                at: ready.place)
            return
        }
        let places = said.compactMap { ready.mapping?.place(ofKey: $0) }
        problems.error(
            "\"ready\" of service \"\(name)\" says \(said.joined(separator: " and ")): choose one; \"ready: !override …\" "
                + "replaces what an earlier file says",
            at: places.last, notes: places.dropLast().map { Diagnostic.Note(message: "and here", place: $0) })
    }

    private mutating func readSign(_ kind: String, _ value: Node) -> Readiness.Sign? {
        // What has not the shape of its key has been told already.
        guard !value.isInvalid else { return nil }
        let text = value.scalar?.display ?? ""
        let expected: String
        switch kind {
        case "tcp":
            if let endpoint = Endpoint(text) { return .tcp(endpoint) }
            expected = "a port such as 8080 or an address such as 127.0.0.1:8080"
        case "http":
            if let target = HTTPTarget(text) { return .http(target) }
            expected = "a port and a path such as 8080/health, or a URL such as http://127.0.0.1:8080/health"
        case "unix", "file":
            if Path.isAbsolute(text) { return kind == "unix" ? .unix(text) : .file(text) }
            expected = "an absolute path in the service"
        case "log":
            if let problem = LogPattern.problem(in: text) {
                problems.error(
                    "cannot look for \"\(text)\" in the log of service \"\(name)\": \(problem)", at: value.place,
                    notes: value.notes)
                return nil
            }
            return .log(text)
        default:
            return .notify
        }
        problems.error(
            "expected \(expected) for \"\(kind)\" in \"ready\" of service \"\(name)\", found \"\(text)\"",
            at: value.place, notes: value.notes)
        return nil
    }
}
