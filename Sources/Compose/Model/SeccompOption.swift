/// Which system calls a service may make: `seccomp` in its `security_opt`.
public enum SeccompOption: Hashable, Sendable {
    /// What the capabilities are good for.
    case standard

    /// All of them.
    case unconfined

    /// What a profile says, in a file on the host.
    case file(String)

    /// Reads `seccomp:VALUE` or `seccomp=VALUE`; nil for any other option.
    init?(securityOption text: String) {
        guard let path = Self.value(of: text) else { return nil }
        self = path == "unconfined" ? .unconfined : .file(path)
    }

    /// Replaces the path of a profile in a security option; leaves every other option as it is.
    static func replacingPath(in text: String, _ replace: (String) -> String) -> String {
        guard case .file(let path)? = SeccompOption(securityOption: text) else { return text }
        return text.prefix(prefix.count + 1) + replace(path)
    }

    private static let prefix = "seccomp"

    private static func value(of text: String) -> String? {
        guard text.hasPrefix(prefix), let separator = text.dropFirst(prefix.count).first,
            separator == ":" || separator == "="
        else { return nil }
        let value = text.dropFirst(prefix.count + 1)
        return value.isEmpty ? nil : String(value)
    }
}
