public import Linux

/// A root file system that a service runs in.
public struct Rootfs: Hashable, Sendable {
    /// The directory, as an absolute path on the host.
    public let path: String

    /// Whether the service writes to a layer of its own, so that services can share a root file system and none
    /// changes it.
    public let overlay: Bool

    /// Creates a reference to a root file system.
    public init(path: String, overlay: Bool = true) {
        self.path = path
        self.overlay = overlay
    }
}

/// A file or directory of the host that a service sees.
public struct BindMount: Hashable, Sendable {
    /// An absolute path on the host.
    public let source: String

    /// An absolute path in the service.
    public let target: String

    /// Whether the service cannot change it.
    public var isReadOnly: Bool

    /// Whether a directory is made where there is no source.
    public let createsSource: Bool

    /// How mounts made below it pass between the host and the service, as in mount(8); nil for not at all.
    public let propagation: String?

    /// What becomes of the mounts below the source.
    public let recursion: Recursion

    public enum Recursion: String, Hashable, Sendable {
        /// They are there, and read-only with it.
        case enabled
        /// They are not there.
        case disabled
        /// They are there, and never read-only.
        case writable
        /// As `enabled`.
        case readOnly = "readonly"
    }
}

/// A file system in memory.
public struct TmpfsMount: Hashable, Sendable {
    /// An absolute path in the service.
    public let target: String

    /// How much may be in it; nil for half of the machine's memory.
    public let size: ByteCount?

    /// The permission bits of its root; nil for 1777.
    public let mode: UInt32?

    /// The other options of the mount, as mount(8) spells them: `noexec`, `uid=1000`.
    public let options: [String]
}

extension TmpfsMount {
    private static let flags: Set<String> = [
        "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "atime", "noatime", "nodiratime", "relatime",
        "sync", "async",
    ]

    /// Reads the short form: `TARGET[:OPTION,…]`.
    ///
    /// - Throws: what is wrong with it.
    init(short text: String) throws(InvalidText) {
        let (target, list) = Spelling.cut(text, ":")
        guard Path.isAbsolute(String(target)) else { throw InvalidText("its target is no absolute path") }
        var size: ByteCount?
        var mode: UInt32?
        var options: [String] = []
        for option in (list ?? "").split(separator: ",").map(String.init) {
            let (name, value) = Spelling.cut(option, "=")
            switch (name, value) {
            case ("size", let value?):
                size = ByteCount(value)
                if size == nil { throw InvalidText("expected a size such as 64m, found \"\(value)\"") }
            case ("mode", let value?):
                mode = UInt32(value, radix: 8)
                if mode == nil { throw InvalidText("expected permission bits such as 1777, found \"\(value)\"") }
            case ("uid", let value?) where UInt32(value) != nil, ("gid", let value?) where UInt32(value) != nil,
                ("nr_inodes", let value?) where ByteCount(value) != nil:
                options.append(option)
            case (_, nil) where Self.flags.contains(option):
                options.append(option)
            default:
                throw InvalidText("\"\(option)\" is no option of a tmpfs")
            }
        }
        self.init(target: Path.normalize(String(target)), size: size, mode: mode, options: options)
    }
}
