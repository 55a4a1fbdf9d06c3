internal import Linux

/// What our programs do first where they are process 1: in a container of another engine, as in their own image.
public enum FirstProcess {
    /// Does it where the calling process is the first one; otherwise returns at once.
    public static func prepareIfFirst() {
        guard ownProcessID == 1 else { return }
        let layout = CgroupLayout.detect()
        for path in layout.hierarchies.map(\.path) + [layout.unified?.path].compactMap({ $0 }) {
            try? makeWritable(path)
        }
        // Nobody else waits for orphans there, and a signal that process 1 has no handler for is lost.
        try? leaveInitBehind()
    }

    /// Engines show a container its own cgroup, read-only unless the container is privileged. It may change that where it
    /// has CAP_SYS_ADMIN, without which `CgroupLayout.usable` finds nothing, and nothing is limited. What else is mounted
    /// there stays as it is: somebody may have passed the host's cgroups on, to be looked at.
    private static func makeWritable(_ path: String) throws(SystemError) {
        guard !isWritable(path), try readText(path + "/cgroup.procs").split(separator: "\n").contains("1") else {
            return
        }
        let mount = try FileDescriptor.open(path, [.path, .directory])
        try setMountFlags([], clearing: .readOnly, of: mount, named: path)
    }
}
