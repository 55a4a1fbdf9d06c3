public import Linux

/// What the instances of a stack have printed, in one stream.
public final class LogView {
    private let directory: StackDirectory
    private let services: [String]
    private var readers: [LogReader] = []
    private let watch: DirectoryWatch

    /// - Parameter services: those to show; none means all.
    /// - Throws: `SystemError` where the stack keeps no logs.
    public init(_ directory: StackDirectory, services: [String]) throws(SystemError) {
        self.directory = directory
        self.services = services
        watch = try DirectoryWatch(directory.logs)
        findReaders()
    }

    /// What is printed from now on, of a stack that need not be there yet.
    public static func fromNow(_ directory: StackDirectory, services: Set<String>) throws(SystemError) -> LogView {
        try directory.create()
        let view = try LogView(directory, services: services.sorted())
        _ = try view.read()
        return view
    }

    /// Is reported under `token` when there may be more to read.
    public func add(to poller: borrowing Poller, token: UInt64) throws(SystemError) {
        try poller.add(watch.descriptor, token: token)
    }

    /// The instances that have printed something, or may.
    public var instances: [String] { readers.map(\.instance) }

    private func findReaders() {
        let names = ((try? directoryEntries(directory.logs)) ?? []).filter { $0.hasSuffix(".log") }.sorted()
        for name in names {
            let instance = String(name.dropLast(".log".count))
            guard !readers.contains(where: { $0.instance == instance }), isWanted(instance) else { continue }
            readers.append(LogReader(instance: instance, path: "\(directory.logs)/\(name)"))
        }
    }

    private func isWanted(_ instance: String) -> Bool {
        guard !services.isEmpty else { return true }
        let service = instance.split(separator: "-").dropLast().joined(separator: "-")
        return services.contains(service) || services.contains(instance)
    }

    /// The lines that have come since the last call, in the order of their times.
    public func read() throws(SystemError) -> [(instance: String, line: LogLine)] {
        try watch.drain()
        findReaders()
        var lines: [(instance: String, line: LogLine)] = []
        for reader in readers {
            for line in try reader.read() { lines.append((reader.instance, line)) }
        }
        // The sort is stable, which keeps lines of one instance with equal times in order.
        return lines.sorted { $0.line.time < $1.line.time }
    }

    /// Waits until there may be more to read.
    ///
    /// - Returns: whether a signal came instead.
    public func wait(signals: borrowing SignalQueue) throws(SystemError) -> Bool {
        let poller = try Poller()
        try poller.add(watch.descriptor, token: 0)
        try poller.add(signals.descriptor, token: 1)
        for event in try poller.wait() where event.token == 1 { return true }
        try watch.drain()
        return false
    }

    /// Whether nothing more will be printed: the supervisor is gone.
    public var isOver: Bool { !StackLock.isHeld(directory) }
}
