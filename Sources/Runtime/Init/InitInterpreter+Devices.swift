internal import Linux

extension InitInterpreter {
    /// Works on the file system just mounted at `/dev`, which is empty and the container's own.
    ///
    /// A container may make device nodes, of the host's disk too, and must not open them. So nothing it can make a node in
    /// lets devices be opened, `/dev` included: each of the nodes made here is a mount of its own, which does.
    func populateDevices() throws(SystemError) {
        let devices = try withRoot { (root) throws(SystemError) in
            try root.openInRoot("/dev", [.path, .directory, .noFollow])
        }
        for (name, major, minor) in Self.deviceNodes {
            try devices.makeCharacterDevice(name, DeviceNumber(major: major, minor: minor), mode: 0o666)
            let node = try devices.open(name, [.path, .noFollow])
            // The copy is made while devices can be opened here, and stays so.
            try DetachedMount(copying: node, recursive: false, named: name).attach(on: node, named: "/dev/\(name)")
        }
        try setMountFlags(.noDevices, of: devices, named: "/dev")
        for (name, target) in Self.deviceLinks { try devices.makeSymbolicLink(name, to: target) }
        for name in ["pts", "shm", "mqueue"] { try devices.makeDirectory(name) }
    }

    /// See the runtime specification, "Default Devices".
    private static var deviceNodes: [(String, UInt32, UInt32)] {
        [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)]
    }

    /// See the runtime specification, "Dev symbolic links".
    private static var deviceLinks: [(String, String)] {
        [
            ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
            ("stderr", "/proc/self/fd/2"), ("core", "/proc/kcore"), ("ptmx", "pts/ptmx"),
        ]
    }

    /// Runs after the root is the container's: its own `devpts` is the only one there is.
    func openTerminal(_ size: TerminalSize, owner: UInt32) throws(SystemError) {
        let multiplexer = try FileDescriptor.open("/dev/pts/ptmx", [.readWrite, .noControllingTerminal, .noFollow])
        guard try multiplexer.status().kind == .characterDevice(DeviceNumber(major: 5, minor: 2)) else {
            throw SystemError("open", "/dev/pts/ptmx, which is not the terminal multiplexer", .noSuchDevice)
        }
        let peer = try multiplexer.openTerminalPeer()
        try peer.setTerminalSize(size)
        // Group 5 is tty by convention; the mount's gid= says the same.
        try peer.setOwner(owner, group: 5)

        let devices = try FileDescriptor.open("/dev", [.path, .directory, .noFollow])
        let console = try devices.open("console", [.write, .create, .exclusive, .noFollow], mode: 0o600)
        try DetachedMount(copying: peer, recursive: false, named: "terminal").attach(on: console, named: "/dev/console")

        try control.send(multiplexer)
        for number in CInt(0)...2 { try replaceDescriptor(number, with: peer) }
        try peer.makeControllingTerminal()
    }
}
