public import JSON
internal import Linux

/// A `config.json` to begin with.
public enum ExampleDocument {
    /// - Parameters:
    ///   - isRootless: whether it is for an ordinary user, who is root inside.
    ///   - hasSeccomp: whether system calls are filtered as by `SeccompSpec.standard`.
    public static func json(isRootless: Bool, hasSeccomp: Bool = false) -> JSONValue {
        .object([
            ("ociVersion", .string(SpecVersion.current)),
            ("process", process),
            ("root", ["path": "rootfs", "readonly": true]),
            ("hostname", "gocker"),
            ("mounts", .array(mounts(isRootless: isRootless))),
            ("linux", linux(isRootless: isRootless, hasSeccomp: hasSeccomp)),
        ])
    }

    private static var process: JSONValue {
        let names = JSONValue.array(
            Capability.allCases.filter { CapabilitySet.standard.contains($0) }.map { .string($0.name) })
        return .object([
            ("terminal", true),
            ("user", ["uid": 0, "gid": 0]),
            ("args", ["sh"]),
            ("env", [.string("PATH=\(StandardEnvironment.path)"), "TERM=xterm"]),
            ("cwd", "/"),
            ("capabilities", .object(["bounding", "effective", "permitted"].map { ($0, names) })),
            ("noNewPrivileges", true),
        ])
    }

    private static func mounts(isRootless: Bool) -> [JSONValue] {
        var mounts: [JSONValue] = [
            mount("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]),
            mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            mount(
                "/dev/pts", "devpts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] + (isRootless ? [] : ["gid=5"])),
            mount("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
            mount("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]),
        ]
        if isRootless {
            mounts.append(mount("/sys", "none", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro"]))
        } else {
            mounts.append(mount("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]))
            mounts.append(mount("/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "ro"]))
        }
        return mounts
    }

    private static func mount(_ place: String, _ type: String, _ source: String, _ options: [String]) -> JSONValue {
        .object([
            ("destination", .string(place)), ("type", .string(type)), ("source", .string(source)),
            ("options", .array(options.map { .string($0) })),
        ])
    }

    private static func linux(isRootless: Bool, hasSeccomp: Bool) -> JSONValue {
        let kinds = ["pid", "ipc", "uts", "mount", "cgroup"] + (isRootless ? ["user"] : ["network"])
        var entries: [(key: String, value: JSONValue)] = [
            ("namespaces", .array(kinds.map { ["type": .string($0)] })),
            ("maskedPaths", .array(LinuxSpec.standardMaskedPaths.map { .string($0) })),
            ("readonlyPaths", .array(LinuxSpec.standardReadOnlyPaths.map { .string($0) })),
        ]
        if isRootless {
            entries.append(
                ("uidMappings", [["containerID": 0, "hostID": .integer(Int64(effectiveUserID)), "size": 1]]))
            entries.append(
                ("gidMappings", [["containerID": 0, "hostID": .integer(Int64(effectiveGroupID)), "size": 1]]))
        } else {
            entries.append(("resources", ["devices": [["allow": false, "access": "rwm"]]]))
        }
        if hasSeccomp { entries.append(("seccomp", SeccompSpec.standard(capabilities: .standard).json)) }
        return .object(entries)
    }
}
