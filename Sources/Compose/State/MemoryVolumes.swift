internal import Linux

/// The volumes of a stack that are in memory. Each is mounted on the machine, because a mount of one container cannot be
/// brought into another one: as long as there is something of the stack, and no longer than until a reboot.
struct MemoryVolumes {
    private let base: String

    init(_ directory: StackDirectory) {
        base = directory.run + "/volumes"
    }

    /// Mounts one that is not mounted yet.
    ///
    /// - Parameter options: of tmpfs(5).
    /// - Returns: where it is.
    func make(_ name: String, _ options: String) throws(SystemError) -> String {
        let path = "\(base)/\(name)"
        try makeDirectories(path, mode: 0o700)
        // A supervisor and somebody who runs a container for once may both come first.
        let directory = try FileDescriptor.open(base, .directory)
        try directory.lock()
        let place = try directory.open(name, [.path, .directory, .noFollow])
        guard try place.status().device == directory.status().device else { return path }
        let mount = try DetachedMount(fileSystem: "tmpfs", options: options, flags: [.noSetUserID, .noDevices])
        try mount.attach(on: place, named: path)
        return path
    }

    /// Takes them away, with all that is in them.
    func remove() {
        for name in (try? directoryEntries(base)) ?? [] {
            try? detachMount("\(base)/\(name)")
            try? removeDirectory("\(base)/\(name)")
        }
        try? removeDirectory(base)
    }
}
