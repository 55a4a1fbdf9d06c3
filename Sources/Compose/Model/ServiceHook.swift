public import OrderedCollections

/// A command that is run inside a service at a turn of its life.
public struct ServiceHook: Hashable, Sendable {
    /// The program and its arguments.
    public let command: [String]

    /// `NAME|UID[:GROUP]`; nil for whoever the service runs as.
    public let user: String?

    /// Whether it may do anything to the machine.
    public let isPrivileged: Bool

    /// Where it starts; nil for where the service does.
    public let workingDirectory: String?

    /// Variables besides those of the service, which they take the place of.
    public let environment: OrderedDictionary<String, String>
}

/// A command that is run to its end before a service is started, in a container of its own.
public struct PreStartHook: Hashable, Sendable {
    public let hook: ServiceHook

    /// What it runs in; nil for what the service does.
    public let rootfs: Rootfs?

    /// Whether each instance of the service has it run for itself, and not the first one for all.
    public let isPerReplica: Bool
}

/// The hooks of a service.
public struct ServiceHooks: Hashable, Sendable {
    /// What is run, one after the other, before the service.
    public var preStart: [PreStartHook] = []

    /// What is run, one after the other, once the service runs.
    public var postStart: [ServiceHook] = []

    /// What is run, one after the other, before the service is asked to stop.
    public var preStop: [ServiceHook] = []

    /// Whether there are any that are run inside the service.
    var hasInner: Bool { !postStart.isEmpty || !preStop.isEmpty }
}
