/// Who to run as, as people write it: `NAME|UID[:GROUP|GID]`, or nothing for root.
public struct UserSpecifier: Hashable, Sendable {
    /// A name to look up, or a number to take as it is.
    public enum Reference: Hashable, Sendable {
        case name(String)
        case number(UInt32)

        /// A text of digits is a number, never a name: `1` must not become root because a lookup failed.
        public init?(_ text: some StringProtocol) {
            guard !text.isEmpty else { return nil }
            if text.allSatisfy({ $0.isASCII && $0.isNumber }) {
                // The last number means "leave it" to setresuid(2): it is nobody's.
                guard let number = UInt32(text), number < .max else { return nil }
                self = .number(number)
            } else {
                guard !text.contains("\n"), !text.contains(":") else { return nil }
                self = .name(String(text))
            }
        }
    }

    public let user: Reference
    public let group: Reference?

    public static let root = UserSpecifier(user: .number(0), group: nil)

    init(user: Reference, group: Reference?) {
        self.user = user
        self.group = group
    }

    /// - Returns: nil for an empty part, and for a number beyond what the kernel has.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let user = Reference(first) else { return nil }
        guard parts.count == 2 else {
            self.init(user: user, group: nil)
            return
        }
        guard let group = Reference(parts[1]) else { return nil }
        self.init(user: user, group: group)
    }
}
