public import Linux

/// Why a cgroup could not be made, changed, read or removed.
public enum CgroupError: Error, Hashable, Sendable {
    /// A limit was asked for that no hierarchy of this machine can enforce.
    case missingController(CgroupController)
    /// There is one of this path, with processes in it.
    case inUse(String)
    /// A process started in this directory would not run.
    case frozen(String)
    /// The processes of this directory could not be stopped in time; they run on.
    case notFrozen(String)
    /// A path that the specification's `cgroupsPath` cannot be; why not.
    case path(String, String)
    /// A setting, by its name in the specification, that means nothing here; why not.
    case setting(String, String)
    /// The memory limit would be lower than what is in use, both in bytes.
    case belowUsage(limit: Int64, usage: Int64)
    /// The kernel did not take a value for a control file.
    case refused(file: String, value: String, Errno)
    /// systemd did not do what was asked of it about a unit; why not.
    case systemd(unit: String, String)
    case system(SystemError)
}

extension CgroupError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingController(.freezer):
            "the container is in no cgroup that its processes can be stopped by"
        case .missingController(let controller) where effectiveUserID != 0:
            "an ordinary user has no \(controller.rawValue) cgroup controller to enforce the limit with"
                + " (root has one)"
        case .missingController(let controller):
            "this machine has no \(controller.rawValue) cgroup controller to enforce the limit with"
                + " (is it mounted below /sys/fs/cgroup, writable, and not disabled on the kernel's command line?)"
        case .inUse(let path):
            "cgroup \(path) is in use: a container of this name is running already"
        case .frozen(let path):
            "cgroup \(path) is frozen: nothing started in it would run; thaw it or its parent, or use another path"
        case .notFrozen(let path):
            "cgroup \(path) could not be frozen in time, and was thawed: a process in it cannot be stopped"
        case .path(let path, let reason): "cgroup path \"\(path)\": \(reason)"
        case .setting(let name, let reason): "\(name): \(reason)"
        case .belowUsage(let limit, let usage):
            "memory limit of \(limit) bytes: \(usage) bytes are in use, and would be made room in by killing"
        case .refused(let file, let value, let errno):
            "cgroup: write \(value) to \(file): \(errno)\(Self.hint(file, errno))"
        case .systemd(let unit, let reason): "systemd: \(unit): \(reason)"
        case .system(let error):
            "cgroup: \(error)\(Self.hint(error.subject, error.errno))"
        }
    }

    /// What an error number of a control file usually means, and what helps.
    private static func hint(_ path: String, _ errno: Errno) -> String {
        let file = path.split(separator: "/").last ?? ""
        switch errno {
        case .permissionDenied where file.hasPrefix("cpuset."):
            return " (not a list of those that the cgroup above it has)"
        case .permissionDenied, .operationNotPermitted, .readOnlyFileSystem:
            return " (the cgroup is not ours to change: run as root, or have it delegated)"
        case .noSuchDevice where file.hasPrefix("io.") || file.hasPrefix("blkio."):
            return " (there is no such block device)"
        case .noSuchFileOrDirectory: return missing(file)
        case .busy where file.hasPrefix("memory."):
            return " (more than that is in use, and could not be freed)"
        case .busy where file == "cgroup.subtree_control":
            return " (processes are in the cgroup itself; move them into one below it)"
        case .busy where file.hasPrefix("cpuset."): return " (a cgroup below it needs what is taken away)"
        case .invalidArgument where file.hasPrefix("memory."):
            return " (memory and swap together cannot be limited to less than memory alone)"
        case .invalidArgument where file.hasPrefix("cpu."):
            return " (out of the kernel's range, or more than the cgroup above it has)"
        case .invalidArgument where file.hasPrefix("cpuset."):
            return " (not a list of those that the cgroup above it has)"
        case .noSpace where file.hasPrefix("cpuset."): return " (its processes need one at least)"
        case .invalidArgument: return " (the kernel takes no such value)"
        default: return ""
        }
    }

    /// Why a control file is not there.
    private static func missing(_ file: Substring) -> String {
        if file.hasPrefix("memory.memsw.") || file.hasPrefix("memory.swap.") {
            return " (this kernel does not count swap space; boot it with swapaccount=1)"
        }
        if file.contains("weight") { return " (block devices have weights only with the BFQ scheduler or iocost)" }
        if file.hasPrefix("hugetlb.") { return " (this kernel has no huge pages of that size)" }
        if file.hasPrefix("cpu.rt_") { return " (this kernel has no real-time scheduling of groups)" }
        return file.contains(".") ? " (this kernel has no such control, or its controller is not enabled here)" : ""
    }
}
