internal import Linux

extension InitInterpreter {
    /// Works on `/dev`, which is a real directory in the container or an error (CVE-2026-41579).
    ///
    /// A container may make device nodes, of the host's disk too, and must not open them. So where it is closed, nothing
    /// it can make a node in lets devices be opened, `/dev` included: each of the nodes made here is a mount of its own,
    /// which does.
    func populateDevices(_ setup: DeviceSetup) throws(SystemError) {
        let devices = try openDirectory("/dev", followingLinks: false)
        for (name, major, minor) in Self.deviceNodes {
            let kind = FileStatus.Kind.characterDevice(DeviceNumber(major: major, minor: minor))
            try makeNode(DeviceSpec("/dev/\(name)", kind), name, in: devices, setup)
        }
        for node in setup.nodes {
            let parent = try withRoot { (root) throws(SystemError) in
                try root.makeDirectoriesInRoot(parentDirectory(of: node.path) ?? "/")
            }
            try makeNode(node, String(node.path.split(separator: "/").last ?? ""), in: parent, setup)
        }
        if setup.isClosed { try setMountFlags(.noDevices, of: devices, named: "/dev") }
        for (name, target) in Self.deviceLinks {
            do {
                try devices.makeSymbolicLink(name, to: target)
            } catch  where error.errno == .fileExists {
                continue
            }
        }
    }

    private func makeNode(
        _ device: DeviceSpec, _ name: String, in directory: borrowing FileDescriptor, _ setup: DeviceSetup
    ) throws(SystemError) {
        if setup.bindsNodes { return try bindNode(device, name, in: directory) }
        do {
            try directory.makeNode(name, device.kind, mode: device.mode)
            if device.owner != 0 || device.group != 0 {
                try directory.setOwner(of: PathBytes(name), device.owner, group: device.group)
            }
        } catch  where error.errno == .fileExists {
            // What a root file system has in its place is looked at below.
        }
        let node = try directory.open(name, [.path, .noFollow])
        guard try node.status().kind == device.kind else {
            throw SystemError("create", "\(device.path), where there is something else", .fileExists)
        }
        // The copy is made while devices can be opened here, and stays so.
        if setup.isClosed {
            try DetachedMount(copying: node, recursive: false, named: name).attach(on: node, named: device.path)
        }
    }

    private func bindNode(
        _ device: DeviceSpec, _ name: String, in directory: borrowing FileDescriptor
    ) throws(SystemError) {
        do {
            _ = try directory.open(name, [.write, .create, .exclusive, .noFollow], mode: 0o644)
        } catch  where error.errno == .fileExists {
            // Covered, unless it is a link.
        }
        let place = try directory.open(name, [.path, .noFollow])
        switch try place.status().kind {
        case .regular, .characterDevice, .blockDevice, .fifo: break
        default: throw SystemError("create", "\(device.path), where there is something else", .fileExists)
        }
        let node = try FileDescriptor.open(device.path, .path)
        guard try node.status().kind == device.kind else {
            throw SystemError("bind", "\(device.path), which is another device on the host", .noSuchDevice)
        }
        try DetachedMount(copying: node, recursive: false, named: device.path).attach(on: place, named: device.path)
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
        do {
            try peer.setOwner(owner, group: 5)
        } catch  where error.errno == .invalidArgument {
            // In a user namespace without it.
            try peer.setOwner(owner, group: .max)
        }

        let devices = try FileDescriptor.open("/dev", [.path, .directory, .noFollow])
        do {
            _ = try devices.open("console", [.write, .create, .exclusive, .noFollow], mode: 0o600)
        } catch  where error.errno == .fileExists || error.errno == .readOnlyFileSystem {
            // One of the root file system's: covered, unless it is a link (CVE-2025-52565).
        }
        let console = try devices.open("console", [.path, .noFollow])
        switch try console.status().kind {
        case .regular, .characterDevice: break
        default: throw SystemError("mount on", "/dev/console, which is neither a file nor a device", .fileExists)
        }
        try DetachedMount(copying: peer, recursive: false, named: "terminal").attach(on: console, named: "/dev/console")

        try control.send(multiplexer, kind: ControlMessage.terminalMark)
        for number in CInt(0)...2 { try replaceDescriptor(number, with: peer) }
        try peer.makeControllingTerminal()
    }
}
