internal import Linux
internal import Runtime

extension Service {
    /// The container that an instance of the service runs in.
    ///
    /// - Throws: `RuntimeError.setup` with `.invalidArgument` where a value that the loader let pass means nothing here,
    ///   `.seccomp` where the profile is not there any more, or is none.
    func request(changes: RootChanges) throws(RuntimeError) -> ContainerRequest {
        let root = RootSpec(path: rootfs.path, readOnly: isReadOnly, changes: changes)
        var request = ContainerRequest(root: root, command: arguments, hostname: hostname)
        request.environment = environment.map { ContainerRequest.Variable($0.key, $0.value) }
        request.workingDirectory = workingDirectory
        if let user {
            guard let specifier = UserSpecifier(user) else {
                throw .setup(SystemError("user", user, .invalidArgument))
            }
            request.user = specifier
        }
        request.network = network == .none ? .none : .host
        request.resources = Runtime.Resources(
            pids: pidsLimit.number, memory: memoryLimit, cpus: cpus.flatMap { CPUCount($0.count) })
        request.mounts = mounts.map(\.spec) + tmpfs.map(\.spec)
        request.terminal = console.hasTerminal
        request.noNewPrivileges = noNewPrivileges
        request.seccomp = try seccomp.choice()
        return request
    }
}

extension SeccompOption {
    fileprivate func choice() throws(RuntimeError) -> SeccompChoice {
        switch self {
        case .standard: return .standard
        case .unconfined: return .unconfined
        case .file(let path):
            do {
                return .profile(try SeccompSpec(file: path))
            } catch {
                throw .seccomp(error)
            }
        }
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
    fileprivate var spec: MountSpec {
        MountSpec(.bind(source), at: target, flags: isReadOnly ? [.noDevices, .readOnly] : .noDevices)
    }
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
