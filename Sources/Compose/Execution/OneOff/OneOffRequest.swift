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
        of service: Service, changes: RootChanges, terminal: Bool, layout: CgroupLayout,
        preparation: ServicePreparation
    ) throws(RuntimeError) -> (ContainerSpec, HeldMounts) {
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
        let held: HeldMounts
        do {
            held = try preparation.prepare(&request)
        } catch {
            throw .setup(error)
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
        return (spec, held)
    }

    private func changed(_ usual: CapabilitySet) throws(RuntimeError) -> CapabilitySet {
        var change = CapabilityChange()
        for name in addedCapabilities where !change.add(name) { throw Self.unknown(name) }
        for name in droppedCapabilities where !change.drop(name) { throw Self.unknown(name) }
        return change.applied(to: usual, available: boundingSet())
    }

    private static func unknown(_ name: String) -> RuntimeError {
        .setup(SystemError("find", "a capability named \(name)", .invalidArgument))
    }
}
