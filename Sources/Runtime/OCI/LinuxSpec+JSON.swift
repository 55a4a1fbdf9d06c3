internal import Linux

extension LinuxSpec {
    init(_ object: SpecObject) throws(SpecError) {
        let resources = try object.object("resources").map { (value) throws(SpecError) in try Resources(value) }
        self.init(
            namespaces: [], resources: resources ?? Resources(), maskedPaths: try object.texts("maskedPaths"),
            readOnlyPaths: try object.texts("readonlyPaths"),
            seccomp: try object.object("seccomp").map { (value) throws(SpecError) in try SeccompSpec(value) })
        for key in ["intelRdt", "netDevices", "memoryPolicy"] where object.hasContent(key) {
            throw object.failure(key, "not acted on")
        }
        try readNamespaces(object)
        identityMappings = try IdentityMappings(object)
        timeOffsets = try Self.timeOffsets(object)
        cgroupsPath = try object.text("cgroupsPath")
        devices = try object.list("devices").map { (device) throws(SpecError) in try DeviceSpec(device) }
        systemControls = try object.textEntries("sysctl").map { SystemControl($0.key, $0.value) }
        personality = try Self.personality(object)
    }

    private mutating func readNamespaces(_ object: SpecObject) throws(SpecError) {
        for namespace in try object.list("namespaces") {
            let name = try namespace.requiredText("type")
            guard let kind = Namespaces(name: name) else {
                throw namespace.failure("type", "\"\(name)\" is no kind of namespace, such as network")
            }
            guard ownNamespaces.isDisjoint(with: kind) else {
                throw namespace.failure("type", "\(name) is there twice")
            }
            guard let path = try namespace.text("path"), !path.isEmpty else {
                namespaces.insert(kind)
                continue
            }
            guard path.hasPrefix("/"), path.utf8.count < 4096 else {
                throw namespace.failure("path", "expected an absolute path of less than 4096 bytes")
            }
            joinedNamespaces.append(JoinedNamespace(kind, path: path))
        }
    }

    private static func timeOffsets(_ object: SpecObject) throws(SpecError) -> [TimeOffset] {
        guard let offsets = try object.object("timeOffsets") else { return [] }
        var list: [TimeOffset] = []
        for clock in ["monotonic", "boottime"] {
            guard let offset = try offsets.object(clock) else { continue }
            list.append(
                TimeOffset(
                    clock: clock, seconds: try offset.integer("secs") ?? 0,
                    nanoseconds: try offset.integer("nanosecs") ?? 0))
        }
        return list
    }

    private static func personality(_ object: SpecObject) throws(SpecError) -> UInt? {
        guard let personality = try object.object("personality") else { return nil }
        guard try personality.texts("flags").isEmpty else {
            throw personality.failure("flags", "the specification knows none")
        }
        switch try personality.requiredText("domain") {
        case "LINUX": return 0
        case "LINUX32": return 8
        case let domain: throw personality.failure("domain", "\"\(domain)\" is neither LINUX nor LINUX32")
        }
    }
}

extension DeviceSpec {
    fileprivate init(_ object: SpecObject) throws(SpecError) {
        let path = try object.requiredText("path")
        guard path.hasPrefix("/"), path.contains(where: { $0 != "/" }) else {
            throw object.failure("path", "expected an absolute path")
        }
        self.init(
            path, try Self.kind(object), mode: try object.integer("fileMode") ?? 0o666,
            owner: try object.integer("uid") ?? 0, group: try object.integer("gid") ?? 0)
    }

    private static func kind(_ object: SpecObject) throws(SpecError) -> FileStatus.Kind {
        let type = try object.requiredText("type")
        if type == "p" { return .fifo }
        guard type == "c" || type == "u" || type == "b" else {
            throw object.failure("type", "\"\(type)\" is none of c, u, b and p")
        }
        guard let major = try object.integer("major", as: UInt32.self),
            let minor = try object.integer("minor", as: UInt32.self)
        else { throw object.failure("major", "expected major and minor") }
        let number = DeviceNumber(major: major, minor: minor)
        return type == "b" ? .blockDevice(number) : .characterDevice(number)
    }
}

extension SystemControl {
    /// Only settings that belong to a namespace of the container's are its own to change. See namespaces(7).
    ///
    /// - Parameter own: the container's namespaces.
    func check(_ own: Namespaces) throws(SpecError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw SpecError("linux.sysctl", "\"\(key)\" is no name of a setting")
        }
        let names = parts.joined(separator: ".")
        let needed: Namespaces? =
            if Self.ofIPC.contains(names) || names.hasPrefix("fs.mqueue.") {
                .ipc
            } else if names.hasPrefix("net.") {
                .network
            } else if names == "kernel.domainname" {
                .hostname
            } else if names.hasPrefix("user.") {
                .user
            } else {
                nil
            }
        guard let needed else {
            throw SpecError("linux.sysctl", "\"\(key)\" is not in a namespace: it would change the host's setting")
        }
        guard own.contains(needed) else {
            throw SpecError("linux.sysctl", "\"\(key)\" needs a \(needed) namespace, or it would be the host's setting")
        }
    }

    private static let ofIPC: Set<String> = [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
        "kernel.shmmni", "kernel.shm_rmid_forced",
    ]
}
