public import Linux
public import OrderedCollections

/// A service, ready to run: every default is set, every path absolute, no text left to be interpreted.
public struct Service: Sendable {
    /// Unique in the stack.
    public let name: ServiceName

    /// What it runs in.
    public let rootfs: Rootfs

    /// The name that the service knows itself by.
    public let hostname: String

    /// What runs; the first word is the program. Empty where `command` holds it all.
    public let entrypoint: [String]

    /// The words behind the entry point.
    public let command: [String]

    /// The variables that the stack file sets, and nothing else.
    public let environment: OrderedDictionary<String, String>

    /// Where it starts, within the root file system.
    public let workingDirectory: String

    /// `NAME|UID[:GROUP]`, to be looked up in the service's own files; nil for root.
    public let user: String?

    /// How many processes and threads it may have.
    public let pidsLimit: PidsLimit

    /// The most memory that it may use; nil for no limit.
    public let memoryLimit: ByteCount?

    /// Nil for no limit.
    public let cpus: CPUQuota?

    /// Whether `up` in the foreground shows what it prints.
    public let isAttached: Bool

    /// How many instances of it there are.
    public let replicas: Int

    /// When it is started again.
    public let restart: RestartPolicy

    /// How its instances are replaced when it has changed.
    public let update: UpdatePolicy

    /// Whether its first process is one of ours, which passes signals on and takes care of orphans.
    public let usesInit: Bool

    /// The services that have to be far enough before it starts.
    public let dependencies: [Dependency]

    /// What it is asked to stop with.
    public let stopSignal: Signal

    /// How long it has from then on until it is killed.
    public let stopGracePeriod: Duration

    /// What it sees of the host.
    public let mounts: [BindMount]

    /// The volumes that it sees.
    public let volumes: [VolumeMount]

    /// Its secrets and configs.
    public let files: [ServiceFile]

    /// The file systems in memory that it has.
    public let tmpfs: [TmpfsMount]

    /// Whether it cannot change its root file system at all.
    public let isReadOnly: Bool

    /// The network that it is in.
    public let network: NetworkMode

    /// What it shares with others.
    public let namespaces: ServiceNamespaces

    /// What it may do.
    public let rights: ServiceRights

    /// What it may use, beside `pidsLimit`, `memoryLimit` and `cpus`.
    public let limits: ServiceLimits

    /// How it finds others by name.
    public let resolution: NameResolution

    /// Where its output goes.
    public let logging: Logging

    /// How it is found out whether it is ready, and whether it works.
    public let health: ServiceHealth

    /// When it is run by itself; nil for when the stack comes up.
    public let schedule: Schedule?

    /// What is run inside it at the turns of its life.
    public let hooks: ServiceHooks

    /// What its standard streams are.
    public let console: ServiceConsole

    /// Names under which the service can be left out of the stack.
    public let profiles: [String]

    /// Changes exactly when the service would have to be made anew.
    public let fingerprint: Fingerprint

    /// The canonical text that all of this was read from.
    let definition: Node
}

extension Service: Equatable {
    /// Whether they have the same name, run in the same way, and wait for the same services.
    public static func == (left: Service, right: Service) -> Bool {
        left.name == right.name && left.fingerprint == right.fingerprint && left.dependencies == right.dependencies
    }
}

extension Service {
    /// Where programs are looked for if the service does not say.
    public static let standardPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// What is executed: the entry point, then the command.
    public var arguments: [String] { entrypoint + command }

    /// The directories that programs are looked for in.
    public var searchPath: [String] {
        (environment["PATH"] ?? Self.standardPath).split(separator: ":").map(String.init)
    }
}
