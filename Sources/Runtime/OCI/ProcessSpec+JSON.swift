internal import Linux

extension ProcessSpec {
    /// Reads the specification's `process`, which is also what one more process of a container is described by.
    init(_ object: SpecObject) throws(SpecError) {
        let arguments = try object.texts("args")
        guard let command = arguments.first, !command.isEmpty else {
            throw object.failure("args", "expected a command and its arguments")
        }
        let directory = try object.requiredText("cwd")
        guard directory.hasPrefix("/") else { throw object.failure("cwd", "expected an absolute path") }
        let user = try object.object("user")
        self.init(
            terminal: try object.boolean("terminal") ?? false, identity: try Self.identity(user),
            umask: try user?.integer("umask") ?? 0o022, arguments: arguments, environment: try object.texts("env"),
            workingDirectory: directory,
            capabilities: try object.object("capabilities").map { (sets) throws(SpecError) in
                try CapabilitySets(sets)
            } ?? .none,
            noNewPrivileges: try object.boolean("noNewPrivileges") ?? false)
        consoleSize = try Self.size(object)
        limits = try Self.limits(object)
        oomScoreAdjustment = try object.integer("oomScoreAdj")
        if let score = oomScoreAdjustment, !(-1000...1000).contains(score) {
            throw object.failure("oomScoreAdj", "expected a number from -1000 to 1000")
        }
        scheduling = try object.object("scheduler").map { (value) throws(SpecError) in try Scheduling(value) }
        ioPriority = try object.object("ioPriority").map { (value) throws(SpecError) in try IOPriority(value) }
        appArmorProfile = try Self.label(object, "apparmorProfile", of: SecurityModule.appArmor)
        seLinuxLabel = try Self.label(object, "selinuxLabel", of: SecurityModule.seLinux)
        if object.hasContent("execCPUAffinity") { throw object.failure("execCPUAffinity", "not acted on") }
    }

    private static func identity(_ user: SpecObject?) throws(SpecError) -> Identity {
        guard let user else { return .root }
        let identity = Identity(
            user: try user.integer("uid") ?? 0, group: try user.integer("gid") ?? 0,
            supplementaryGroups: try user.integers("additionalGids"))
        // "Leave it" to setresuid(2): whoever had it would stay root.
        guard identity.user != .max else { throw user.failure("uid", "is nobody's number") }
        guard identity.group != .max else { throw user.failure("gid", "is nobody's number") }
        return identity
    }

    private static func size(_ object: SpecObject) throws(SpecError) -> TerminalSize? {
        guard let size = try object.object("consoleSize") else { return nil }
        return TerminalSize(columns: try size.integer("width") ?? 0, rows: try size.integer("height") ?? 0)
    }

    private static func limits(_ object: SpecObject) throws(SpecError) -> [ResourceLimit] {
        var limits: [ResourceLimit] = []
        for limit in try object.list("rlimits") {
            let name = try limit.requiredText("type")
            guard let kind = ResourceLimit.Kind(name: name) else {
                throw limit.failure("type", "\"\(name)\" is no limit of a process, such as RLIMIT_NOFILE")
            }
            guard !limits.contains(where: { $0.kind == kind }) else {
                throw limit.failure("type", "\(name) is there twice")
            }
            guard let soft = try limit.integer("soft", as: UInt64.self),
                let hard = try limit.integer("hard", as: UInt64.self)
            else { throw limit.failure("soft", "expected both soft and hard") }
            guard soft <= hard else { throw limit.failure("soft", "is more than hard") }
            limits.append(ResourceLimit(kind, soft: soft, hard: hard))
        }
        return limits
    }

    /// A label is no use without whoever reads it, and whoever asks for one counts on it.
    private static func label(
        _ object: SpecObject, _ key: String, of module: SecurityModule
    ) throws(SpecError) -> String? {
        guard let label = try object.text(key), !label.isEmpty else { return nil }
        guard module.isActive else { throw object.failure(key, "\(module.rawValue) is not active on this machine") }
        return label
    }
}

extension CapabilitySets {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        self.init(
            bounding: try Self.set(object, "bounding"), effective: try Self.set(object, "effective"),
            permitted: try Self.set(object, "permitted"), inheritable: try Self.set(object, "inheritable"),
            ambient: try Self.set(object, "ambient"))
    }

    private static func set(_ object: SpecObject, _ key: String) throws(SpecError) -> CapabilitySet {
        var capabilities: [Capability] = []
        for name in try object.texts(key) {
            guard name.hasPrefix("CAP_"), let capability = Capability(name: name) else {
                throw object.failure(key, "\"\(name)\" is no capability, such as CAP_NET_ADMIN")
            }
            capabilities.append(capability)
        }
        return CapabilitySet(capabilities)
    }
}

/// A Linux security module that labels processes.
public enum SecurityModule: String {
    case appArmor = "AppArmor"
    case seLinux = "SELinux"

    /// Whether this machine runs with it. See apparmor(7) and selinux(8).
    public var isActive: Bool {
        switch self {
        case .appArmor: (try? readText("/sys/module/apparmor/parameters/enabled"))?.hasPrefix("Y") == true
        case .seLinux: (try? FileStatus.of("/sys/fs/selinux/enforce")) != nil
        }
    }
}

extension Scheduling {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        let name = try object.requiredText("policy")
        let policies = [
            "SCHED_OTHER": UInt32(0), "SCHED_FIFO": 1, "SCHED_RR": 2, "SCHED_BATCH": 3, "SCHED_ISO": 4,
            "SCHED_IDLE": 5, "SCHED_DEADLINE": 6,
        ]
        guard let policy = policies[name] else {
            throw object.failure("policy", "\"\(name)\" is no policy, such as SCHED_BATCH")
        }
        let known = [
            "SCHED_FLAG_RESET_ON_FORK": UInt64(1), "SCHED_FLAG_RECLAIM": 2, "SCHED_FLAG_DL_OVERRUN": 4,
            "SCHED_FLAG_KEEP_POLICY": 8, "SCHED_FLAG_KEEP_PARAMS": 16, "SCHED_FLAG_UTIL_CLAMP_MIN": 32,
            "SCHED_FLAG_UTIL_CLAMP_MAX": 64,
        ]
        var flags: UInt64 = 0
        for name in try object.texts("flags") {
            guard let flag = known[name] else { throw object.failure("flags", "\"\(name)\" is no flag") }
            flags |= flag
        }
        self.init(
            policy: policy, flags: flags, nice: try object.integer("nice") ?? 0,
            priority: try object.integer("priority") ?? 0, runtime: try object.integer("runtime") ?? 0,
            deadline: try object.integer("deadline") ?? 0, period: try object.integer("period") ?? 0)
    }
}

extension IOPriority {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        let name = try object.requiredText("class")
        let groups = ["IOPRIO_CLASS_RT": Int32(1), "IOPRIO_CLASS_BE": 2, "IOPRIO_CLASS_IDLE": 3]
        guard let group = groups[name] else {
            throw object.failure("class", "\"\(name)\" is no class, such as IOPRIO_CLASS_BE")
        }
        let level = try object.integer("priority", as: Int32.self) ?? 0
        guard (0...7).contains(level) else { throw object.failure("priority", "expected a number from 0 to 7") }
        self.init(group: group, level: level)
    }
}
