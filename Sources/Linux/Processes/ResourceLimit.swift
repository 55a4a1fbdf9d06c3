internal import CLinux

/// A limit of a process. See getrlimit(2).
public struct ResourceLimit: Hashable, Sendable {
    /// What is limited.
    public struct Kind: Hashable, Sendable {
        /// The kernel's number.
        public let rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        private static let names: [(String, __rlimit_resource)] = [
            ("RLIMIT_AS", RLIMIT_AS), ("RLIMIT_CORE", RLIMIT_CORE), ("RLIMIT_CPU", RLIMIT_CPU),
            ("RLIMIT_DATA", RLIMIT_DATA), ("RLIMIT_FSIZE", RLIMIT_FSIZE), ("RLIMIT_LOCKS", __RLIMIT_LOCKS),
            ("RLIMIT_MEMLOCK", __RLIMIT_MEMLOCK), ("RLIMIT_MSGQUEUE", __RLIMIT_MSGQUEUE),
            ("RLIMIT_NICE", __RLIMIT_NICE), ("RLIMIT_NOFILE", RLIMIT_NOFILE), ("RLIMIT_NPROC", __RLIMIT_NPROC),
            ("RLIMIT_RSS", __RLIMIT_RSS), ("RLIMIT_RTPRIO", __RLIMIT_RTPRIO), ("RLIMIT_RTTIME", __RLIMIT_RTTIME),
            ("RLIMIT_SIGPENDING", __RLIMIT_SIGPENDING), ("RLIMIT_STACK", RLIMIT_STACK),
        ]

        /// Reads the kernel's name, e.g. `RLIMIT_NOFILE`.
        public init?(name: String) {
            guard let entry = Self.names.first(where: { $0.0 == name }) else { return nil }
            rawValue = entry.1.rawValue
        }

        /// How many descriptors a process may have open.
        public static let openFiles = Kind(rawValue: RLIMIT_NOFILE.rawValue)

        public var name: String { Self.names.first { $0.1.rawValue == rawValue }?.0 ?? "limit \(rawValue)" }
    }

    public var kind: Kind
    /// In the unit of the kind; the largest number is no limit.
    public var soft: UInt64
    public var hard: UInt64

    public init(_ kind: Kind, soft: UInt64, hard: UInt64) {
        self.kind = kind
        self.soft = soft
        self.hard = hard
    }
}

extension ResourceLimit {
    /// A limit of the calling process.
    public init(current kind: Kind) throws(SystemError) {
        var value = rlimit()
        try system("read", kind.name) { prlimit(0, __rlimit_resource(kind.rawValue), nil, &value) }
        self.init(kind, soft: UInt64(value.rlim_cur), hard: UInt64(value.rlim_max))
    }
}

/// Sets a limit of the calling process.
public func setResourceLimit(_ limit: ResourceLimit) throws(SystemError) {
    var value = rlimit(rlim_cur: UInt(limit.soft), rlim_max: UInt(limit.hard))
    try system("set", limit.kind.name) {
        prlimit(0, __rlimit_resource(limit.kind.rawValue), &value, nil)
    }
}
