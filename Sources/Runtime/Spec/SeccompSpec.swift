/// The specification's `linux.seccomp`: which system calls may be made. See the runtime specification, "Seccomp".
public struct SeccompSpec: Hashable, Sendable {
    /// What happens to a call.
    public enum Action: Hashable, Sendable {
        case killProcess
        case killThread
        case trap
        /// The call fails with this error number.
        case errno(UInt16)
        /// A tracer is asked, and gets this number.
        case trace(UInt16)
        case log
        case allow
        /// A listener is asked, which nobody here is.
        case notify
    }

    /// One comparison with an argument of a call.
    public struct Argument: Hashable, Sendable {
        public enum Comparison: String, Hashable, Sendable {
            case notEqual = "SCMP_CMP_NE"
            case less = "SCMP_CMP_LT"
            case lessOrEqual = "SCMP_CMP_LE"
            case equal = "SCMP_CMP_EQ"
            case greaterOrEqual = "SCMP_CMP_GE"
            case greater = "SCMP_CMP_GT"
            /// The argument and `value` is `secondValue`.
            case maskedEqual = "SCMP_CMP_MASKED_EQ"
        }

        /// From 0 to 5.
        public var index: UInt32
        public var value: UInt64
        public var secondValue: UInt64
        public var comparison: Comparison

        public init(index: UInt32, value: UInt64, secondValue: UInt64 = 0, comparison: Comparison) {
            self.index = index
            self.value = value
            self.secondValue = secondValue
            self.comparison = comparison
        }
    }

    /// Calls, by name, for which another action holds where all `arguments` match.
    public struct Rule: Hashable, Sendable {
        public var names: [String]
        public var action: Action
        public var arguments: [Argument]

        public init(_ names: [String], _ action: Action, arguments: [Argument] = []) {
            self.names = names
            self.action = action
            self.arguments = arguments
        }
    }

    public var defaultAction: Action
    /// As libseccomp names them in `SCMP_ARCH_…`, e.g. `SCMP_ARCH_X86_64`; none means the native one.
    public var architectures: [String]
    /// As the kernel names them: `SECCOMP_FILTER_FLAG_LOG`, `…_TSYNC`, `…_SPEC_ALLOW`.
    public var flags: [String]
    public var rules: [Rule]

    public init(defaultAction: Action, architectures: [String] = [], flags: [String] = [], rules: [Rule] = []) {
        self.defaultAction = defaultAction
        self.architectures = architectures
        self.flags = flags
        self.rules = rules
    }
}
