internal import Linux

extension InitInterpreter {
    mutating func openRoot(
        _ path: String, allowsDevices: Bool, _ propagation: Propagation?
    ) throws(SystemError) {
        // pivot_root wants the new root to be a mount of its own.
        let directory = try FileDescriptor.open(path, [.path, .directory])
        var mount = try DetachedMount(copying: directory, recursive: true, named: path)
        // Device nodes in a root file system are hostile input, like everything in it. See `populateDevices`.
        try mount.setAttributes(allowsDevices ? [] : .noDevices, propagation: propagation, recursive: true)
        root = try mount.attach(on: directory, named: path)
    }

    /// The layers are named through `/proc/self/fd`, so that neither a character of a path needs escaping nor a path of
    /// the host shows in the container's list of mounts.
    mutating func openOverlayRoot(
        _ lower: String, _ layer: OverlayLayer, _ usesUserAttributes: Bool, _ allowsDevices: Bool
    ) throws(SystemError) {
        let directory = try FileDescriptor.open(lower, [.path, .directory])
        let upper: FileDescriptor
        let work: FileDescriptor
        switch layer {
        case .directory(let upperPath, let workPath):
            upper = try FileDescriptor.open(upperPath, [.path, .directory])
            work = try FileDescriptor.open(workPath, [.path, .directory])
        case .temporary:
            // Attached, because overlayfs wants its layers in this mount namespace; the overlay goes on top of it.
            let memory = try DetachedMount(fileSystem: "tmpfs", options: "mode=755", flags: [])
                .attach(on: directory, named: lower)
            try memory.makeDirectory("upper")
            try memory.makeDirectory("work")
            upper = try memory.open("upper", [.path, .directory])
            work = try memory.open("work", [.path, .directory])
        }
        let options =
            "lowerdir=/proc/self/fd/\(directory.number),upperdir=/proc/self/fd/\(upper.number)"
            + ",workdir=/proc/self/fd/\(work.number)" + (usesUserAttributes ? ",userxattr" : "")
        // Opened again: what is attached on the directory by now is to be covered, not the directory.
        let place = try FileDescriptor.open(lower, [.path, .directory])
        root = try DetachedMount(fileSystem: "overlay", options: options, flags: allowsDevices ? [] : .noDevices)
            .attach(on: place, named: lower)
    }

    /// The container's root.
    ///
    /// - Throws: where the program never opened one.
    func withRoot<Value: ~Copyable>(
        _ body: (borrowing FileDescriptor) throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        switch root {
        case .some(let root): return try body(root)
        case nil: throw SystemError("open", "root", .badFileDescriptor)
        }
    }

    func makeMountReadOnly(_ path: String) throws(SystemError) {
        try withRoot { (root) throws(SystemError) in
            try setMountFlags(.readOnly, of: try root.openInRoot(path), named: path)
        }
    }

    /// Walks up to the mount that `path` is on: only the root of a mount has a propagation to be set.
    func makeParentPrivate(of path: String) throws(SystemError) {
        var place = path
        while true {
            do {
                return try Linux.setPropagation(.private, of: place, recursive: false)
            } catch  where error.errno == .invalidArgument {
                guard let parent = parentDirectory(of: place) else { throw error }
                place = parent
            }
        }
    }

    mutating func pivotRoot(keepsFromHost: Bool) throws(SystemError) {
        try withRoot { (root) throws(SystemError) in try root.makeWorkingDirectory() }
        // The old root ends up on top of the new one, at the same place. See pivot_root(2), NOTES.
        try Linux.pivotRoot(to: ".", oldRoot: ".")
        if keepsFromHost { try Linux.setPropagation(.slave, of: ".", recursive: true) }
        try detachMount(".")
        try changeWorkingDirectory(to: "/")
        root = nil
    }

    mutating func moveRoot() throws(SystemError) {
        try withRoot { (root) throws(SystemError) in try root.makeWorkingDirectory() }
        try moveMount(".", to: "/")
        try changeRoot(to: ".")
        try changeWorkingDirectory(to: "/")
        root = nil
    }
}
