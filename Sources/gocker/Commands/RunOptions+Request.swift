internal import Linux
internal import Runtime

extension RunOptions {
    func containerName() throws(SystemError) -> ContainerName {
        if let name { return name }
        return try ContainerName.random()
    }

    /// A person at a terminal wants a shell to work with, and needs no options for that.
    private var isAtTerminal: Bool { isTerminal(0) && isTerminal(1) }

    var foreground: ForegroundContainer.Options {
        var options = ForegroundContainer.Options()
        options.movesRoot = movesRoot
        options.announces = isAtTerminal && isTerminal(2) && !isQuiet
        options.isVerbose = isVerbose
        options.keepsInput = isInteractive || isAtTerminal
        options.hasChosenName = name != nil
        return options
    }

    func request(
        command: [String], name: ContainerName, layout: CgroupLayout
    ) throws -> ContainerRequest {
        let root = RootSpec(
            path: try RootfsArgument.resolve(rootfs), readOnly: isReadOnly,
            changes: usesOverlay ? .temporary : .inPlace)
        var request = ContainerRequest(root: root, command: command, hostname: hostname ?? Self.hostname(of: name))
        request.environment = try environment.compactMap(EnvironmentArgument.variable)
        request.workingDirectory = workingDirectory
        request.user = user
        request.terminal = hasTerminal || (!isInteractive && isAtTerminal)
        request.network = network
        request.resources = Resources(pids: effectivePidsLimit(layout), memory: memory, cpus: cpus)
        request.mounts = try volumes.map { try $0.mount() }
        request.noNewPrivileges = noNewPrivileges
        if let seccomp { request.seccomp = try seccomp.choice() }
        request.appArmorProfile = try appArmor?.profile()
        return request
    }

    /// A host name has at most 64 bytes. See gethostname(2).
    private static func hostname(of name: ContainerName) -> String { String("\(name)".prefix(64)) }

    /// A limit that was asked for holds or is an error. The standard one gives way, aloud, where nothing can enforce it.
    private func effectivePidsLimit(_ layout: CgroupLayout) -> Int64? {
        if let pidsLimit { return pidsLimit == -1 ? nil : pidsLimit }
        guard layout.has(.pids) else {
            writeLine(
                "gocker: warning: \(CgroupError.missingController(.pids)); running without one", to: .standardError)
            return nil
        }
        return Resources.standardPids
    }
}
