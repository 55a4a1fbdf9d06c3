internal import Linux

extension InitInterpreter {
    func mount(_ type: String, _ target: String, _ flags: MountFlags, _ options: String) throws(SystemError) {
        let mount = try DetachedMount(fileSystem: type, options: options, flags: flags)
        try mount.attach(on: try openDirectory(target, followingLinks: false), named: target)
    }

    func bind(_ source: String, _ target: String, _ flags: MountFlags) throws(SystemError) {
        let file = try FileDescriptor.open(source, .path)
        let isDirectory = try file.status().kind == .directory
        let mount = try DetachedMount(copying: file, recursive: true, named: source)
        try mount.setAttributes(flags, recursive: true)
        if isDirectory {
            let directory = try openDirectory(target, followingLinks: true)
            guard try !isRoot(directory) else { throw SystemError("mount on", "\(target), which is the root", .busy) }
            try mount.attach(on: directory, named: target)
        } else {
            try mount.attach(on: try openFile(target), named: target)
        }
    }

    private func isRoot(_ directory: borrowing FileDescriptor) throws(SystemError) -> Bool {
        let status = try directory.status()
        let root = try withRoot { (root) throws(SystemError) in try root.status() }
        return status.device == root.device && status.inode == root.inode
    }

    /// Hides what is at `path`; what is not there needs no hiding.
    mutating func mask(_ path: String) throws(SystemError) {
        let target: FileDescriptor
        do {
            target = try withRoot { (root) throws(SystemError) in try root.openInRoot(path) }
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return
        }
        if try target.status().kind == .directory {
            try maskDirectory(target, path)
        } else {
            try DetachedMount(copying: try openNullDevice(), recursive: false, named: "/dev/null")
                .attach(on: target, named: path)
        }
    }

    private mutating func maskDirectory(_ target: borrowing FileDescriptor, _ path: String) throws(SystemError) {
        switch emptyDirectory {
        case .some(let empty):
            try DetachedMount(copying: empty, recursive: false, named: "tmpfs").attach(on: target, named: path)
            return
        case nil:
            break
        }
        let flags: MountFlags = [.readOnly, .noSetUserID, .noDevices, .noExecution]
        let mount = try DetachedMount(fileSystem: "tmpfs", options: "size=0k,nr_inodes=1,mode=755", flags: flags)
        emptyDirectory = try mount.attach(on: target, named: path)
    }

    /// The container's null device, and nothing else: a root file system that has a link or a file in its place would
    /// otherwise choose what a masked path shows (CVE-2025-31133).
    private func openNullDevice() throws(SystemError) -> FileDescriptor {
        let device = try withRoot { (root) throws(SystemError) in try root.openInRoot("/dev/null", [.path, .noFollow]) }
        guard try device.status().kind == .characterDevice(DeviceNumber(major: 1, minor: 3)) else {
            throw SystemError("open", "/dev/null, which is not the null device", .noSuchDevice)
        }
        return device
    }

    func makeReadOnly(_ path: String) throws(SystemError) {
        let target: FileDescriptor
        do {
            target = try withRoot { (root) throws(SystemError) in try root.openInRoot(path) }
        } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            return
        }
        let mount = try DetachedMount(copying: target, recursive: true, named: path)
        try mount.setAttributes(.readOnly, recursive: true)
        try mount.attach(on: target, named: path)
    }

    /// Opens the directory at `path` in the root, creating what is missing of it.
    ///
    /// - Parameter followingLinks: false for the file systems every container has: a root file system with a link in the
    ///   place of `/proc` or `/dev` wants them to be somewhere else (CVE-2019-19921).
    private func openDirectory(_ path: String, followingLinks: Bool) throws(SystemError) -> FileDescriptor {
        try withRoot { (root) throws(SystemError) in
            if followingLinks {
                return try root.makeDirectoriesInRoot(path)
            }
            do throws(SystemError) {
                return try root.openInRoot(path, [.path, .directory, .noFollow])
            } catch  where error.errno == .noSuchFileOrDirectory {
                return try root.makeDirectoriesInRoot(path)
            } catch  where error.errno == .notDirectory || error.errno == .tooManyLinks {
                throw SystemError("mount on", "\(path), which must be mounted on ordinary directory", error.errno)
            }
        }
    }

    /// Opens the file at `path` in the root, creating an empty one where it is missing.
    private func openFile(_ path: String) throws(SystemError) -> FileDescriptor {
        try withRoot { (root) throws(SystemError) in
            do throws(SystemError) {
                return try root.openInRoot(path)
            } catch  where error.errno == .noSuchFileOrDirectory {
                let parent = try root.makeDirectoriesInRoot(parentDirectory(of: path) ?? "/")
                let name = String(path.split(separator: "/").last ?? "")
                return try parent.open(name, [.write, .create, .exclusive, .noFollow], mode: 0o644)
            }
        }
    }
}
