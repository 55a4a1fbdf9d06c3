internal import Linux
internal import Runtime

/// A container of a service beside its instances, for one command: how it differs from the service.
public struct OneOffRequest: Codable, Hashable, Sendable {
    /// A file or directory of the host that it sees.
    public struct Volume: Codable, Hashable, Sendable {
        public var source: String
        public var target: String
        public var isReadOnly: Bool

        /// Reads `SRC:DST[:ro|rw]`; nil for anything else.
        ///
        /// - Parameter directory: where a relative source starts from.
        public init?(_ text: String, relativeTo directory: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count), !parts[0].isEmpty, Path.isAbsolute(parts[1]),
                Path.normalize(parts[1]) != "/", parts.count == 2 || ["ro", "rw"].contains(parts[2])
            else { return nil }
            source = Path.resolve(parts[0], against: directory)
            target = Path.normalize(parts[1])
            isReadOnly = parts.count == 3 && parts[2] == "ro"
        }
    }

    public var service: String
    /// What it is called; nil for a name that nobody else has.
    public var name: String?
    /// In place of the service's; empty for the service's own.
    public var command: [String] = []
    /// In place of the service's, whose command counts no more then.
    public var entrypoint: [String]?
    public var environment: [ServiceCommand.Variable] = []
    public var volumes: [Volume] = []
    public var workingDirectory: String?
    public var user: String?
    /// As the kernel names them, with or without `CAP_`; `ALL` for all.
    public var addedCapabilities: [String] = []
    public var droppedCapabilities: [String] = []
    /// Whether nothing is kept of it when it has ended.
    public var isTemporary = false

    public init(service: String) {
        self.service = service
    }

    /// The words of an entry point as they are written in one text.
    public static func words(_ text: String) -> [String]? { (try? ShellWords(splitting: text))?.words }

    /// What is executed.
    func arguments(of service: Service) -> [String] {
        guard let entrypoint else { return service.entrypoint + (command.isEmpty ? service.command : command) }
        return entrypoint + command
    }

    /// The container.
    ///
    /// - Throws: `RuntimeError`, `.setup` with `.invalidArgument` for a capability or a user that is none.
    func spec(
        of service: Service, changes: RootChanges, terminal: Bool, layout: CgroupLayout
    ) throws(RuntimeError) -> ContainerSpec {
        var request = try service.request(changes: changes)
        request.command = arguments(of: service)
        request.terminal = terminal
        request.environment += environment.map { ContainerRequest.Variable($0.name, $0.value) }
        request.mounts += volumes.map { volume in
            MountSpec(
                .bind(volume.source), at: volume.target,
                flags: volume.isReadOnly ? [.noDevices, .readOnly] : .noDevices)
        }
        if let workingDirectory { request.workingDirectory = workingDirectory }
        if let user {
            guard let specifier = UserSpecifier(user) else { throw .setup(SystemError("user", user, .invalidArgument)) }
            request.user = specifier
        }
        var spec = try request.spec(layout: layout)
        if service.pidsLimit == .standard, !layout.has(.pids) { spec.linux.resources.pids = nil }
        if !addedCapabilities.isEmpty || !droppedCapabilities.isEmpty {
            let bounding = try changed(spec.process.capabilities.bounding)
            let isRoot = spec.process.identity.user == 0
            spec.process.capabilities = CapabilitySets(
                bounding: bounding, effective: isRoot ? bounding : [], permitted: isRoot ? bounding : [])
            spec.linux.seccomp = request.seccomp.spec(for: bounding)
        }
        return spec
    }

    /// `ALL` first, so that single ones change it, as with Docker.
    private func changed(_ usual: CapabilitySet) throws(RuntimeError) -> CapabilitySet {
        func isAll(_ name: String) -> Bool { ["ALL", "CAP_ALL"].contains(name.uppercased()) }
        var mask = droppedCapabilities.contains(where: isAll) ? 0 : usual.mask
        if addedCapabilities.contains(where: isAll) { mask = boundingSet().mask }
        mask |= try Self.set(addedCapabilities.filter { !isAll($0) }).mask
        mask &= ~(try Self.set(droppedCapabilities.filter { !isAll($0) })).mask
        return CapabilitySet(mask: mask)
    }

    private static func set(_ names: [String]) throws(RuntimeError) -> CapabilitySet {
        var capabilities: [Capability] = []
        for name in names {
            guard let capability = Capability(name: name) else {
                throw .setup(SystemError("find", "a capability named \(name)", .invalidArgument))
            }
            capabilities.append(capability)
        }
        return CapabilitySet(capabilities)
    }
}
