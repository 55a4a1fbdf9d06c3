extension Namespaces {
    /// Those of a process that are not the caller's. See namespaces(7), "The /proc/pid/ns/ directory".
    ///
    /// - Throws: `SystemError`, `.noSuchFileOrDirectory` where the process has ended.
    public static func ofOther(_ process: Int32) throws(SystemError) -> Namespaces {
        var namespaces: Namespaces = []
        for kind in [Self.cgroup, .ipc, .mount, .network, .process, .time, .user, .hostname] {
            // Each names its kind and number, e.g. `net:[4026531840]`.
            guard let own = try? readSymbolicLink("/proc/self/ns/\(kind.fileName)") else { continue }
            if try readSymbolicLink("/proc/\(process)/ns/\(kind.fileName)") != own { namespaces.insert(kind) }
        }
        return namespaces
    }
}
