internal import Linux

/// What a new container's first process is given beside its streams, open until it has it.
final class LaunchResources {
    /// Both ends of what it waits at: it stays open for whoever writes, and never ends.
    let start: FileDescriptor
    /// What it reports to once it has been started. It ends when nobody has it open any more: when the payload runs.
    let report: FileDescriptor
    let namespaces: OpenNamespaces
    let mounts: PreparedMounts

    init(_ spec: ContainerSpec, _ stored: StoredContainer) throws(SystemError) {
        start = try FileDescriptor.open(stored.startPath, [.readWrite, .noFollow])
        report = try FileDescriptor.open(stored.reportPath, [.readWrite, .noFollow])
        namespaces = try OpenNamespaces(spec.linux.joinedNamespaces)
        mounts = try PreparedMounts(spec.mounts)
    }
}

/// Descriptors that close together.
class DescriptorList {
    private(set) var numbers: [CInt] = []

    fileprivate func keep(_ descriptor: consuming FileDescriptor) -> CInt {
        let number = descriptor.release()
        numbers.append(number)
        return number
    }

    deinit {
        for number in numbers { _ = FileDescriptor(owning: number) }
    }
}

/// Namespaces of others, to be joined in this order: user namespaces come last while we are root, because inside one the
/// others could not be joined any more, and first otherwise, because only inside one they can.
final class OpenNamespaces: DescriptorList {
    private(set) var descriptors: [(number: CInt, kinds: Namespaces)] = []

    init(_ joined: [JoinedNamespace]) throws(SystemError) {
        super.init()
        let others = joined.filter { $0.kind != .user }
        let user = joined.filter { $0.kind == .user }
        for namespace in effectiveUserID == 0 ? others + user : user + others {
            let file = try FileDescriptor.open(namespace.path)
            descriptors.append((keep(file), namespace.kind))
        }
    }
}

/// Binds whose files appear to be somebody else's. Only who is privileged over the file system may make one, which a
/// container in a user namespace is not. See mount_setattr(2), "ID-mapped mounts".
final class PreparedMounts: DescriptorList {
    private(set) var descriptors: [(index: Int, number: CInt)] = []

    init(_ mounts: [MountSpec]) throws(SystemError) {
        super.init()
        for (index, mount) in mounts.enumerated() {
            guard let mappings = mount.mappings else { continue }
            guard case .bind(let source, let isRecursive) = mount.source else {
                throw SystemError("map the owners on", "\(mount.destination), which is no bind", .notSupported)
            }
            let tree = try DetachedMount(copying: source, recursive: isRecursive)
            try tree.mapIdentities(by: try mappings.makeNamespace(), recursive: isRecursive)
            descriptors.append((index, keep(try tree.intoDescriptor())))
        }
    }
}

extension IdentityMappings {
    /// A user namespace that has these mappings and nobody in it.
    fileprivate func makeNamespace() throws(SystemError) -> FileDescriptor {
        let sockets = try SocketPair()
        // Waits for a program that does not come.
        let process = try spawn(
            executable: try OwnExecutable.open(), arguments: InitStage.arguments(preserving: 0), namespaces: .user,
            descriptors: [0, 1, 2, sockets.second.number])
        defer {
            try? process.send(.kill)
            _ = try? process.wait()
        }
        try write(for: process.processID)
        return try FileDescriptor.open("/proc/\(process.processID)/ns/user")
    }
}
