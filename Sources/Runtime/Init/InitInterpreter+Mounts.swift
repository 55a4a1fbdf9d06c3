internal import Linux

extension InitInterpreter {
    /// - Parameter prepared: a descriptor of the mount itself, made by the parent.
    func mount(_ spec: MountSpec, prepared: CInt?) throws(SystemError) {
        switch spec.source {
        case .fileSystem(let type, let options, let device):
            try mount(type, options, device, spec)
        case .bind(let source, let isRecursive):
            if let prepared {
                let mount = DetachedMount(prepared: FileDescriptor(owning: prepared))
                try attach(mount, isDirectory: try FileStatus.of(source).kind == .directory, spec)
            } else {
                let file = try FileDescriptor.open(source, .path)
                let mount = try DetachedMount(copying: file, recursive: isRecursive, named: source)
                try attach(mount, isDirectory: try file.status().kind == .directory, spec)
            }
        case .cgroups: throw SystemError("mount", "cgroups", .notSupported)
        }
    }

    private func mount(
        _ type: String, _ options: String, _ device: String?, _ spec: MountSpec
    ) throws(SystemError) {
        let isOfKernel = type == "proc" || type == "sysfs" || type == "devpts" || spec.destination == "/dev"
        let target = try openDirectory(spec.destination, followingLinks: !isOfKernel)
        if !isOfKernel { try refuseKernelFiles(target, spec.destination) }
        var options = options
        if type == "tmpfs", !options.split(separator: ",").contains(where: { $0.hasPrefix("mode=") }) {
            let mode = "mode=\(String(try target.status().mode, radix: 8))"
            options = options.isEmpty ? mode : "\(options),\(mode)"
        }
        let flags = spec.change.set.union(spec.changeBelow.set)
        // Filled before it is made read-only.
        let isCopy = spec.copiesUp && type == "tmpfs"
        let mount: DetachedMount
        do {
            mount = try DetachedMount(
                fileSystem: type, source: device, options: options,
                flags: isCopy ? flags.subtracting(.readOnly) : flags)
        } catch {
            throw SystemError(error.call, "\(error.subject) on \(spec.destination)", error.errno)
        }
        let root = try mount.attach(on: target, named: spec.destination)
        if isCopy {
            try target.copyEntries(to: root)
            if flags.contains(.readOnly) { try setMountFlags(.readOnly, of: root, named: spec.destination) }
        }
        try spread(spec, root)
    }

    private func attach(
        _ mount: consuming DetachedMount, isDirectory: Bool, _ spec: MountSpec
    ) throws(SystemError) {
        if spec.spread.isEmpty { try mount.setAttributes([], propagation: .private, recursive: true) }
        try Self.apply(spec.changeBelow, to: &mount, recursive: true)
        try Self.apply(spec.change, to: &mount, recursive: false)
        let root: FileDescriptor
        if isDirectory {
            let directory = try openDirectory(spec.destination, followingLinks: true)
            guard try !isRoot(directory) else {
                throw SystemError("mount on", "\(spec.destination), which is the root", .busy)
            }
            try refuseKernelFiles(directory, spec.destination)
            root = try mount.attach(on: directory, named: spec.destination)
        } else {
            let file = try openFile(spec.destination)
            guard try file.status().kind != .directory else {
                throw SystemError("mount a file on", "\(spec.destination), which is a directory", .notDirectory)
            }
            try refuseKernelFiles(file, spec.destination)
            root = try mount.attach(on: file, named: spec.destination)
        }
        try spread(spec, root)
    }

    private static func apply(
        _ change: MountSpec.Change, to mount: inout DetachedMount, recursive: Bool
    ) throws(SystemError) {
        guard !change.isEmpty else { return }
        try mount.setAttributes(change.set, clearing: change.cleared, propagation: nil, recursive: recursive)
    }

    private func spread(_ spec: MountSpec, _ root: borrowing FileDescriptor) throws(SystemError) {
        for spread in spec.spread {
            try setMountFlags(
                [], propagation: spread.propagation, of: root, recursive: spread.isRecursive, named: spec.destination)
        }
    }

    /// A mount over files of the kernel's would show the container false ones, of which later steps of ours might be led
    /// by the nose (CVE-2019-19921, CVE-2025-52881). What only informs may be covered.
    private func refuseKernelFiles(_ target: borrowing FileDescriptor, _ destination: String) throws(SystemError) {
        guard try isOfKernel(target) else { return }
        let reached = try readSymbolicLink("/proc/self/fd/\(target.number)")
        let top = try withRoot { (root) throws(SystemError) in
            try readSymbolicLink("/proc/self/fd/\(root.number)")
        }
        let path = top == "/" ? reached[...] : reached.dropFirst(top.utf8.count)
        guard path == "/proc" || path.hasPrefix("/proc/"), !Self.coverable.contains(String(path)) else { return }
        throw SystemError("mount on", "\(destination), which is the kernel's \(path)", .operationNotPermitted)
    }

    /// Whether `target` is `/proc`, before a file system is mounted there or after, or below it.
    private func isOfKernel(_ target: borrowing FileDescriptor) throws(SystemError) -> Bool {
        if try FileSystemKind.of(target) == .proc { return true }
        let status = try target.status()
        return try withRoot { (root) throws(SystemError) in
            do throws(SystemError) {
                let processes = try root.openInRoot("/proc").status()
                return processes.device == status.device && processes.inode == status.inode
            } catch  where error.errno == .noSuchFileOrDirectory {
                return false
            }
        }
    }

    private static let coverable: Set<String> = [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
        "/proc/loadavg", "/proc/slabinfo", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
    ]

    func mountCgroups(
        _ mounts: [CgroupMount], _ target: String, _ change: MountSpec.Change
    ) throws(SystemError) {
        let directory = try openDirectory(target, followingLinks: false)
        if let mount = mounts.first, mount.name.isEmpty {
            try bindCgroup(mount, on: directory, change)
            return
        }
        let root = try DetachedMount(
            fileSystem: "tmpfs", options: "mode=755", flags: change.set.subtracting(.readOnly)
        ).attach(on: directory, named: target)
        for mount in mounts {
            try root.makeDirectory(mount.name)
            try bindCgroup(mount, on: try root.open(mount.name, [.path, .directory, .noFollow]), change)
            for link in mount.links { try root.makeSymbolicLink(link, to: mount.name) }
        }
        if change.set.contains(.readOnly) { try setMountFlags(.readOnly, of: root, named: target) }
    }

    private func bindCgroup(
        _ mount: CgroupMount, on target: borrowing FileDescriptor, _ change: MountSpec.Change
    ) throws(SystemError) {
        var copy = try DetachedMount(copying: mount.source, recursive: false)
        try copy.setAttributes(change.set, recursive: false)
        try copy.attach(on: target, named: mount.name)
    }

    private func isRoot(_ directory: borrowing FileDescriptor) throws(SystemError) -> Bool {
        let status = try directory.status()
        return status.isSameFile(as: try withRoot { (root) throws(SystemError) in try root.status() })
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
        var mount = try DetachedMount(copying: target, recursive: true, named: path)
        try mount.setAttributes(.readOnly, recursive: true)
        try mount.attach(on: target, named: path)
    }

    /// Opens the directory at `path` in the root, creating what is missing of it.
    ///
    /// - Parameter followingLinks: false for the file systems every container has: a root file system with a link in the
    ///   place of `/proc` or `/dev` wants them to be somewhere else (CVE-2019-19921).
    func openDirectory(_ path: String, followingLinks: Bool) throws(SystemError) -> FileDescriptor {
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
