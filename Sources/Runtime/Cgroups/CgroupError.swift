public import Linux

/// Why a cgroup could not be made, read or removed.
public enum CgroupError: Error, Hashable, Sendable {
    /// A limit was asked for that no hierarchy of this machine can enforce.
    case missingController(CgroupController)
    /// There is one of this path, with processes in it.
    case inUse(String)
    case system(SystemError)
}

extension CgroupError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingController(let controller):
            "this machine has no \(controller.rawValue) cgroup controller to enforce the limit with"
                + " (is it mounted below /sys/fs/cgroup, and not disabled on the kernel's command line?)"
        case .inUse(let path):
            "cgroup \(path) is in use: a container of this name is running already"
        case .system(let error):
            "cgroup: \(error)"
        }
    }
}
