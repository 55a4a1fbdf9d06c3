/// Allows or denies some kinds of access to some devices: an entry of the specification's `resources.devices`.
///
/// See config-linux.md, "Allowed Device list", and the kernel's documentation of the devices controller.
public struct DeviceRule: Hashable, Sendable {
    /// Which devices a rule is about.
    public enum Kind: Hashable, Sendable {
        case all
        case block
        case character
    }

    /// What can be done with a device, as the kernel numbers it: `BPF_DEVCG_ACC_*` of `linux/bpf.h`.
    public struct Access: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let makeNode = Access(rawValue: 1)
        public static let read = Access(rawValue: 2)
        public static let write = Access(rawValue: 4)
        public static let all: Access = [.makeNode, .read, .write]
    }

    public var allow: Bool
    public var kind: Kind
    /// Nil for every one.
    public var major: UInt32?
    public var minor: UInt32?
    public var access: Access

    public init(
        allow: Bool, _ kind: Kind = .all, major: UInt32? = nil, minor: UInt32? = nil, access: Access = .all
    ) {
        self.allow = allow
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }

    /// What every container may use, whatever its engine lists: making nodes (which is no access yet), the devices that
    /// the specification says are always there, and pseudo-terminals. See config-linux.md, "Default Devices".
    public static let standard: [DeviceRule] = [
        DeviceRule(allow: true, .character, access: .makeNode),
        DeviceRule(allow: true, .block, access: .makeNode),
        DeviceRule(allow: true, .character, major: 1, minor: 3),  // null
        DeviceRule(allow: true, .character, major: 1, minor: 5),  // zero
        DeviceRule(allow: true, .character, major: 1, minor: 7),  // full
        DeviceRule(allow: true, .character, major: 1, minor: 8),  // random
        DeviceRule(allow: true, .character, major: 1, minor: 9),  // urandom
        DeviceRule(allow: true, .character, major: 5, minor: 0),  // tty
        DeviceRule(allow: true, .character, major: 5, minor: 1),  // console
        DeviceRule(allow: true, .character, major: 5, minor: 2),  // ptmx
        DeviceRule(allow: true, .character, major: 136),  // the other ends of ptmx
    ]
}

extension DeviceRule.Access {
    /// Reads `r`, `w` and `m` in any order.
    ///
    /// - Returns: nil for other letters, and for none.
    public init?(_ text: some StringProtocol) {
        var access: Self = []
        for letter in text.utf8 {
            switch letter {
            case UInt8(ascii: "r"): access.insert(.read)
            case UInt8(ascii: "w"): access.insert(.write)
            case UInt8(ascii: "m"): access.insert(.makeNode)
            default: return nil
            }
        }
        guard !access.isEmpty else { return nil }
        self = access
    }
}

extension DeviceRule.Access: CustomStringConvertible {
    public var description: String {
        (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.makeNode) ? "m" : "")
    }
}
