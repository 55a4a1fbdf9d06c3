internal import Linux
internal import Runtime

/// A command for a service that runs: what is left out is as the service has it.
public struct ServiceCommand: Hashable, Sendable {
    /// The command and its arguments. One without a slash is looked up in the `PATH` of its environment.
    public var arguments: [String]
    /// Added to the service's.
    public var environment: [Variable] = []
    /// An absolute path in the service; nil for the service's own.
    public var workingDirectory: String?
    /// `NAME|UID[:GROUP]`, to be looked up in the service's own files; nil for the service's own.
    public var user: String?
    /// Whether it has all capabilities, whatever the service has.
    public var isPrivileged = false
    /// Whether it gets a pseudoterminal.
    public var hasTerminal = false

    /// A name and its value.
    public struct Variable: Codable, Hashable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(_ arguments: [String]) {
        self.arguments = arguments
    }
}

extension ServiceCommand {
    /// The process that runs in an instance of `service`.
    ///
    /// - Parameters:
    ///   - first: the instance's first process, which has to be held open: its root file system has the users.
    ///   - cgroup: what it is to be in.
    /// - Throws: `RuntimeError.user` where the service does not have the user, `.setup` with `.invalidArgument` where
    ///   `user` is none, `.root` where the process has ended.
    func joining(
        _ service: Service, beside first: Int32, cgroup: Cgroup, layout: CgroupLayout
    ) throws(RuntimeError) -> JoiningProcess {
        var request = try service.request(changes: .inPlace)
        // As it is now, with everything that is mounted in it.
        request.root = RootSpec(path: "/proc/\(first)/root")
        request.command = arguments
        request.terminal = hasTerminal
        request.environment += environment.map { ContainerRequest.Variable($0.name, $0.value) }
        if let workingDirectory { request.workingDirectory = workingDirectory }
        if let user {
            guard let specifier = UserSpecifier(user) else {
                throw .setup(SystemError("user", user, .invalidArgument))
            }
            request.user = specifier
        }
        var process = try request.spec(layout: layout).process
        if isPrivileged { process.capabilities = .all(for: process.identity) }
        let namespaces: Namespaces
        do {
            namespaces = try .ofOther(first)
        } catch {
            throw .setup(error)
        }
        return JoiningProcess(
            process, root: request.root, namespaces: namespaces,
            seccomp: request.seccomp.spec(for: process.capabilities.bounding), cgroup: cgroup)
    }
}

extension CapabilitySets {
    /// All that we can give. Any other user than root loses them at the exec, and may as well not have them before.
    fileprivate static func all(for identity: Identity) -> CapabilitySets {
        let available = boundingSet()
        return identity.user == 0
            ? CapabilitySets(available) : CapabilitySets(bounding: available, effective: [], permitted: [])
    }
}
