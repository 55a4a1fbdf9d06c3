/// What a service may do besides what is usual, or short of it.
public struct ServiceRights: Hashable, Sendable {
    /// Whether programs cannot gain privileges by being executed, as set-user-ID programs do.
    public var noNewPrivileges = true
    /// Which system calls it may make.
    public var seccomp = SeccompOption.standard
    public var capabilities = CapabilityChange()
    /// Whether it may do to the machine what the supervisor may.
    public var isPrivileged = false
    /// Groups that it is in besides those of its user: names to be looked up in the service's own files, or numbers.
    public var groups: [String] = []
    /// Of AppArmor; nil for the one that the supervisor is in.
    public var appArmorProfile: String?
    /// Whether it sees all of `/proc` and `/sys`, and may write to kernel settings that are not its own.
    public var showsKernel = false
    public var devices: [ServiceDevice] = []
    /// Which devices may be used that the service makes itself, and how.
    public var deviceRules: [ServiceDeviceRule] = []
}

/// A device of the machine, or a directory of them, that a service sees.
public struct ServiceDevice: Hashable, Sendable {
    /// An absolute path on the host.
    public let source: String
    /// An absolute path in the service.
    public let target: String
    /// `r`, `w` and `m`: may be read, written, made.
    public let permissions: String
}

/// One line of `device_cgroup_rules`: what may be done with devices of some numbers.
public struct ServiceDeviceRule: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case all = "a"
        case block = "b"
        case character = "c"
    }

    public let kind: Kind
    /// Nil for every one.
    public let major: UInt32?
    public let minor: UInt32?
    public let permissions: String

    /// Reads `c 189:* rwm`; nil for anything else.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let kind = Kind(rawValue: String(words[0])) else { return nil }
        let numbers = words[1].split(separator: ":", omittingEmptySubsequences: false)
        guard numbers.count == 2, numbers.allSatisfy({ $0 == "*" || UInt32($0) != nil }) else { return nil }
        let permissions = String(words[2])
        guard Self.isPermissions(permissions) else { return nil }
        self.kind = kind
        major = UInt32(numbers[0])
        minor = UInt32(numbers[1])
        self.permissions = permissions
    }

    /// Whether a text is made of `r`, `w` and `m`, each at most once.
    static func isPermissions(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy("rwm".contains) && Set(text).count == text.count
    }
}
