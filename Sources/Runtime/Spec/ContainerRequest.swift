internal import Linux

/// A container as people ask for it, on a command line or in a stack file: what they leave out has a default, and names
/// are names still.
public struct ContainerRequest: Hashable, Sendable {
    /// Which network the container is on.
    public enum Network: Hashable, Sendable {
        case host
        /// Its own, with a loopback interface and nothing else.
        case none
    }

    /// One `NAME=value` of the environment.
    public struct Variable: Hashable, Sendable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var root: RootSpec
    public var command: [String]
    public var environment: [Variable] = []
    public var workingDirectory = "/"
    public var user = UserSpecifier.root
    public var hostname: String
    public var terminal = false
    public var network = Network.host
    public var resources = Resources(pids: Resources.standardPids)
    /// After the standard ones; sorted by depth, so that none hides another.
    public var mounts: [MountSpec] = []
    public var noNewPrivileges = true
    public var seccomp = SeccompChoice.standard

    public init(root: RootSpec, command: [String], hostname: String) {
        self.root = root
        self.command = command
        self.hostname = hostname
    }
}

extension ContainerRequest {
    /// Fills in what is left out, and looks the user up in the container's own files.
    ///
    /// - Parameter privileges: those of whoever makes the container.
    /// - Throws: `RuntimeError.root` where the root file system is missing, `.user` where it does not have the user.
    public func spec(
        layout: CgroupLayout, privileges: Privileges = .current
    ) throws(RuntimeError) -> ContainerSpec {
        let account = try lookUpUser()
        let process = ProcessSpec(
            terminal: terminal, identity: account.identity, arguments: command,
            environment: completeEnvironment(home: account.home), workingDirectory: workingDirectory,
            capabilities: capabilities(of: account.identity), noNewPrivileges: noNewPrivileges)
        var namespaces = Namespaces.standard
        if network == .none { namespaces.insert(.network) }
        let linux = LinuxSpec(
            namespaces: namespaces, resources: resources, seccomp: seccomp.spec(for: process.capabilities.bounding))
        let spec = ContainerSpec(
            process: process, root: root, hostname: hostname, mounts: completeMounts(layout: layout), linux: linux)
        switch privileges {
        case .root: return spec
        case .ordinary(let mappings): return try spec.adapted(to: mappings)
        }
    }

    /// Any other user than root loses them at the exec, and may as well not have them before.
    private func capabilities(of identity: Identity) -> CapabilitySets {
        identity.user == 0 ? .standard : CapabilitySets(bounding: .standard, effective: [], permitted: [])
    }

    private func lookUpUser() throws(RuntimeError) -> UserDatabase.Account {
        let users: UserDatabase
        do {
            users = try RootFiles(root).users()
        } catch {
            throw .root(error)
        }
        do {
            return try users.account(user)
        } catch {
            throw .user(error)
        }
    }

    private func completeEnvironment(home: String) -> [String] {
        var variables = [Variable("PATH", StandardEnvironment.path), Variable("HOSTNAME", hostname)]
        if terminal { variables.append(Variable("TERM", "xterm")) }
        variables.append(Variable("HOME", home))
        // The last word on a name counts.
        for variable in environment {
            variables.removeAll { $0.name == variable.name }
            variables.append(variable)
        }
        return variables.map { "\($0.name)=\($0.value)" }
    }

    private func completeMounts(layout: CgroupLayout) -> [MountSpec] {
        var standard = MountSpec.standard
        // Programs size themselves by the limits they read there. Version 1 would take a mount for each hierarchy.
        if layout.unified?.path == "/sys/fs/cgroup" {
            standard.append(
                MountSpec(
                    .fileSystem("cgroup2", options: ""), at: "/sys/fs/cgroup",
                    flags: [.readOnly, .noSetUserID, .noDevices, .noExecution]))
        }
        func depth(_ mount: MountSpec) -> Int { mount.destination.split(separator: "/").count }
        let ordered = mounts.enumerated().sorted { (depth($0.element), $0.offset) < (depth($1.element), $1.offset) }
        return standard + ordered.map(\.element)
    }
}
