public import Linux

/// Where the output of a service goes: the key `logging`.
public struct Logging: Hashable, Sendable {
    public enum Driver: Hashable, Sendable {
        /// Files of our own format.
        case local(LogRotation)
        /// Files of Docker's format.
        case jsonFile(LogRotation)
        case journald(tag: String?)
        case syslog(SyslogOptions)
        case none
    }

    public var driver: Driver

    /// What happens when a service prints faster than it can be kept.
    public enum Mode: Hashable, Sendable {
        /// It waits, once its pipe is full.
        case blocking
        /// It does not; at most so much is kept at a time, and the rest is dropped and counted.
        case nonBlocking(buffer: ByteCount)
    }

    public var mode: Mode

    /// What a service has that says nothing.
    public static let standard = Logging(driver: .local(.standard), mode: .blocking)
}

extension Logging {
    /// As the stack file spells it.
    public var driverName: String {
        switch driver {
        case .local: "local"
        case .jsonFile: "json-file"
        case .journald: "journald"
        case .syslog: "syslog"
        case .none: "none"
        }
    }

    /// Whether `logs` can show what was printed.
    public var isReadable: Bool {
        switch driver {
        case .local, .jsonFile: true
        case .journald, .syslog, .none: false
        }
    }
}

/// When a log file is set aside, and how many are kept.
public struct LogRotation: Hashable, Sendable {
    /// Nil for a file that grows without end.
    public var maxSize: ByteCount?
    /// How many files there are at most, with the one being written.
    public var maxFiles: Int
    /// Whether those that were set aside are compressed.
    public var compress: Bool

    public init(maxSize: ByteCount?, maxFiles: Int, compress: Bool) {
        self.maxSize = maxSize
        self.maxFiles = maxFiles
        self.compress = compress
    }

    /// Docker's numbers for its driver `local`.
    public static let standard = LogRotation(maxSize: .mebibytes(20), maxFiles: 5, compress: true)

    /// Docker's numbers for its driver `json-file`.
    public static let unbounded = LogRotation(maxSize: nil, maxFiles: 1, compress: false)
}

/// How a system log is reached, and in which form it wants its messages.
public struct SyslogOptions: Hashable, Sendable {
    public enum Address: Hashable, Sendable {
        /// A socket of datagrams, such as `/dev/log`.
        case unix(String)
        case udp(host: String, port: UInt16)
        case tcp(host: String, port: UInt16)
    }

    public enum Format: Hashable, Sendable {
        /// RFC 3164, as it is spoken on this machine: without the host.
        case rfc3164
        /// RFC 5424, with times of a second, or of a microsecond.
        case rfc5424(isPrecise: Bool)
    }

    public var address: Address
    public var format: Format
    /// The number of the facility. See RFC 5424, section 6.2.1.
    public var facility: Int
    /// What messages are marked with; nil for the name of the instance.
    public var tag: String?
}
