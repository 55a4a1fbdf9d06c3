internal import Linux

extension IdentityMappings {
    /// Gives the new user namespace of a process its mappings. See user_namespaces(7).
    ///
    /// An ordinary user may map no more than itself; for more there are newuidmap(1) and newgidmap(1), which know what
    /// /etc/subuid and /etc/subgid allow.
    func write(for process: Int32) throws(SystemError) {
        if effectiveUserID == 0 {
            try writeControlFile("/proc/\(process)/uid_map", Self.lines(users))
            try writeControlFile("/proc/\(process)/gid_map", Self.lines(groups))
        } else if users.count == 1, users[0].count == 1, groups.count == 1, groups[0].count == 1 {
            // Who drops groups might gain by it, where a file denies one to a group.
            try writeControlFile("/proc/\(process)/setgroups", "deny")
            try writeControlFile("/proc/\(process)/uid_map", Self.lines(users))
            try writeControlFile("/proc/\(process)/gid_map", Self.lines(groups))
        } else {
            try Self.run("/usr/bin/newuidmap", process, users)
            try Self.run("/usr/bin/newgidmap", process, groups)
        }
    }

    private static func lines(_ ranges: [Range]) -> String {
        ranges.map { "\($0.inside) \($0.outside) \($0.count)\n" }.joined()
    }

    private static func run(_ program: String, _ process: Int32, _ ranges: [Range]) throws(SystemError) {
        let numbers = ranges.flatMap { [$0.inside, $0.outside, $0.count].map { String($0) } }
        let status = try spawn(
            path: program, arguments: [program, String(process)] + numbers, descriptors: [0, 1, 2]
        ).wait()
        guard status.isSuccess else {
            throw SystemError("map identities", "with \(program), which \(status)", .operationNotPermitted)
        }
    }
}
