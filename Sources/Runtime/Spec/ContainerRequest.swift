public import Linux

/// A container as people ask for it, on a command line or in a stack file: what they leave out has a default, and names
/// are names still.
public struct ContainerRequest: Hashable, Sendable {
    /// Which network the container is on.
    public enum Network: Hashable, Sendable {
        case host
        /// Its own, with a loopback interface and nothing else.
        case none
        /// That of a process, by its number.
        case process(Int32)
    }

    /// Whose objects of one kind the container sees.
    public enum Sharing: Hashable, Sendable {
        case own
        case host
        /// Those of a process, by its number.
        case process(Int32)
    }

    /// What `/dev/shm` is.
    public enum SharedMemory: Hashable, Sendable {
        /// The container's own, of so many bytes; nil for 64 MiB.
        case own(ByteCount?)
        /// A directory of the host.
        case directory(String)
        /// What the root file system has there, if anything.
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
    /// What it may have at most; another user than root has none of them to begin with.
    public var capabilities = CapabilitySet.standard
    /// Whether it may do to the machine what the caller may: see `ContainerSpec.privileged`. Its capabilities are said by
    /// `capabilities` all the same.
    public var isPrivileged = false
    /// Groups that it is in besides those of its user.
    public var groups: [UserSpecifier.Reference] = []
    public var ipc = Sharing.own
    public var processes = Sharing.own
    /// Where it is not its own, `hostname` and `domainName` say nothing.
    public var names = Sharing.own
    /// Whether it sees its own cgroup as the root of all.
    public var hidesCgroups = true
    public var domainName: String?
    public var sharedMemory = SharedMemory.own(nil)
    /// Kernel settings of its namespaces.
    public var systemControls: [SystemControl] = []
    public var limits: [ResourceLimit] = []
    public var oomScoreAdjustment: Int32?
    public var appArmorProfile: String?
    /// Devices besides those that every container has.
    public var devices: [DeviceSpec] = []
    /// Whether devices that it makes itself can be opened, as far as the rules of its resources go.
    public var allowsDevices = false
    /// Whether nothing of the kernel's is hidden from it.
    public var showsKernel = false

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
        var process = ProcessSpec(
            terminal: terminal, identity: account.identity, arguments: command,
            environment: completeEnvironment(home: account.home), workingDirectory: workingDirectory,
            capabilities: capabilities(of: account.identity), noNewPrivileges: noNewPrivileges)
        process.limits = limits
        process.oomScoreAdjustment = oomScoreAdjustment
        process.appArmorProfile = appArmorProfile
        var linux = LinuxSpec(
            namespaces: namespaces, resources: resources, seccomp: seccomp.spec(for: process.capabilities.bounding))
        linux.joinedNamespaces = joinedNamespaces
        linux.systemControls = systemControls
        linux.devices = devices
        if showsKernel {
            linux.maskedPaths = []
            linux.readOnlyPaths = []
        }
        var root = root
        if allowsDevices { root.allowsDevices = true }
        let hasNames = names == .own
        var spec = ContainerSpec(
            process: process, root: root, hostname: hasNames ? hostname : nil,
            domainName: hasNames ? domainName : nil, mounts: completeMounts(layout: layout), linux: linux)
        if isPrivileged { spec = try spec.privileged() }
        switch privileges {
        case .root: return spec
        case .ordinary(let mappings): return try spec.adapted(to: mappings)
        }
    }

    private var namespaces: Namespaces {
        var namespaces = Namespaces.standard
        if network == .none { namespaces.insert(.network) }
        for (kind, sharing) in shared where sharing != .own { namespaces.remove(kind) }
        if !hidesCgroups { namespaces.remove(.cgroup) }
        return namespaces
    }

    private var shared: [(kind: Namespaces, sharing: Sharing)] {
        [(.ipc, ipc), (.process, processes), (.hostname, names)]
    }

    private var joinedNamespaces: [JoinedNamespace] {
        var joined: [JoinedNamespace] = []
        if case .process(let number) = network {
            joined.append(JoinedNamespace(.network, path: "/proc/\(number)/ns/net"))
        }
        for (kind, sharing) in shared {
            guard case .process(let number) = sharing else { continue }
            joined.append(JoinedNamespace(kind, path: "/proc/\(number)/ns/\(kind.fileName)"))
        }
        return joined
    }

    /// Any other user than root loses them at the exec, and may as well not have them before.
    private func capabilities(of identity: Identity) -> CapabilitySets {
        identity.user == 0
            ? CapabilitySets(capabilities) : CapabilitySets(bounding: capabilities, effective: [], permitted: [])
    }

    private func lookUpUser() throws(RuntimeError) -> UserDatabase.Account {
        let users: UserDatabase
        do {
            users = try RootFiles(root).users()
        } catch {
            throw .root(error)
        }
        do {
            var account = try users.account(user)
            for reference in groups {
                let group = try users.group(reference)
                guard group != account.identity.group else { continue }
                guard !account.identity.supplementaryGroups.contains(group) else { continue }
                account.identity.supplementaryGroups.append(group)
            }
            return account
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
        if let index = standard.firstIndex(where: { $0.destination == "/dev/shm" }) {
            switch sharedMemory {
            case .own(nil): break
            case .own(let size?): standard[index].source = .fileSystem("tmpfs", options: "mode=1777,size=\(size.bytes)")
            case .directory(let path):
                standard[index] = MountSpec(
                    .bind(path), at: "/dev/shm", flags: [.noSetUserID, .noDevices, .noExecution])
            case .none: standard.remove(at: index)
            }
        }
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
