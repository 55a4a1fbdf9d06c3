internal import Linux
internal import Runtime

extension Service {
    /// The container that an instance of the service runs in.
    ///
    /// - Throws: `SystemError` with `.invalidArgument` where a value that the loader let pass means nothing here.
    func request(changes: RootChanges) throws(SystemError) -> ContainerRequest {
        let root = RootSpec(path: rootfs.path, readOnly: isReadOnly, changes: changes)
        var request = ContainerRequest(root: root, command: arguments, hostname: hostname)
        request.environment = environment.map { ContainerRequest.Variable($0.key, $0.value) }
        request.workingDirectory = workingDirectory
        if let user {
            guard let specifier = UserSpecifier(user) else { throw SystemError("user", user, .invalidArgument) }
            request.user = specifier
        }
        request.network = network == .none ? .none : .host
        request.resources = Runtime.Resources(
            pids: pidsLimit.number, memory: memoryLimit, cpus: cpus.flatMap { CPUCount($0.count) })
        request.mounts = mounts.map(\.spec) + tmpfs.map(\.spec)
        request.noNewPrivileges = noNewPrivileges
        return request
    }
}

extension PidsLimit {
    /// Nil for no limit.
    fileprivate var number: Int64? {
        switch self {
        case .unlimited: nil
        case .limited(let number): number
        }
    }
}

extension BindMount {
    fileprivate var spec: MountSpec { MountSpec(.bind(source), at: target, flags: isReadOnly ? .readOnly : []) }
}

extension TmpfsMount {
    fileprivate var spec: MountSpec {
        let options = MountOptions(
            options.joined(separator: ","), defaults: [.noSetUserID, .noDevices, .noExecution])
        var data = options.data.isEmpty ? [] : [options.data]
        if let size { data.append("size=\(size.bytes)") }
        data.append("mode=\(String(mode ?? 0o1777, radix: 8))")
        return MountSpec(
            .fileSystem("tmpfs", options: data.joined(separator: ",")), at: target, flags: options.flags)
    }
}
