internal import Linux

extension Cgroup {
    /// Lets a user make cgroups below this one and move their processes between them, but not change its limits.
    ///
    /// Only in version 2: in version 1 this is not safe. For a container with a cgroup namespace of its own and cgroups
    /// mounted for writing. See config-linux.md, "Cgroup ownership", and cgroups(7), "Cgroups delegation".
    ///
    /// - Parameter owner: as the calling process numbers users. The group stays.
    public func delegate(to owner: UInt32) throws(CgroupError) {
        guard let unified else { return }
        let listed = (try? readText("/sys/kernel/cgroup/delegate")).map { $0.split(separator: "\n").map(String.init) }
        let standard = ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"]
        do throws(SystemError) {
            let directory = try FileDescriptor.open(unified.directory, .directory)
            try directory.setOwner(owner, group: .max)
            for name in listed ?? standard {
                do {
                    try directory.setOwner(of: PathBytes(name), owner, group: .max)
                } catch  where error.errno == .noSuchFileOrDirectory {
                    // The list has the files of every controller.
                    continue
                }
            }
        } catch {
            throw .system(error)
        }
    }
}
