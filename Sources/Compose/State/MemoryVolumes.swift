internal import Linux

/// The volumes of a stack that are in memory. Each is mounted on the machine, because a mount of one container cannot be
/// brought into another one: as long as there is something of the stack, and no longer than until a reboot.
struct MemoryVolumes {
    private let base: String

    init(_ directory: StackDirectory) {
        base = directory.run + "/volumes"
    }

    static func takesRoot(_ name: String) -> SystemError {
        SystemError(
            "mount", "the volume \(name), which is in memory and for several containers", .operationNotPermitted)
    }

    /// Mounts one that is not mounted yet.
    ///
    /// - Parameters:
    ///   - options: of tmpfs(5). With others it is another one.
    ///   - held: keeps it from being taken away by `removeUnused`.
    /// - Returns: where it is.
    func make(_ name: String, _ options: String, _ held: HeldMounts) throws(SystemError) -> String {
        let name = "\(name)-\(SHA256.hexadecimal(Array(options.utf8)).prefix(12))"
        let path = "\(base)/\(name)"
        try makeDirectories(path, mode: 0o700)
        // A supervisor and somebody who runs a container for once may both come first.
        let directory = try FileDescriptor.open(base, .directory)
        try directory.lock()
        let place = try directory.open(name, [.path, .directory, .noFollow])
        guard try place.status().device == directory.status().device else {
            held.keep(place)
            return path
        }
        let mount = try DetachedMount(fileSystem: "tmpfs", options: options, flags: .noDevices)
        held.keep(try mount.attach(on: place, named: path))
        return path
    }

    /// Takes them away, with all that is in them.
    func remove() { remove { (path) throws(SystemError) in try detachMount(path) } }

    /// Takes away those that no container is being started with.
    func removeUnused() { remove { (path) throws(SystemError) in try unmount(path) } }

    private func remove(_ unmount: (String) throws(SystemError) -> Void) {
        for name in (try? directoryEntries(base)) ?? [] {
            try? unmount("\(base)/\(name)")
            try? removeDirectory("\(base)/\(name)")
        }
        try? removeDirectory(base)
    }
}
