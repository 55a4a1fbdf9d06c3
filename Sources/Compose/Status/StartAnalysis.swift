internal import JSON
internal import Linux
internal import OrderedCollections

/// Where the time of a stack's last start went: for each instance what it waited for, how long it took to run, and to be
/// healthy. Pure, from what the supervisor has written down.
public struct StartAnalysis: Sendable {
    /// The start of one instance, in seconds since the first one was asked for.
    public struct Entry: Sendable {
        public let name: String
        /// When somebody asked for it.
        public let wanted: Double
        /// When everything it needs was far enough.
        public let released: Double
        /// When its payload ran.
        public let started: Double
        /// When it was healthy; when it ran, where nobody looks.
        public let ready: Double
        /// The instance that it waited for longest; nil where it waited for none.
        public let waitedFor: String?

        /// How long it took by itself.
        public var own: Double { ready - released }
    }

    /// The longest own times first.
    public let entries: [Entry]
    /// What the stack was ready by: the instance that was ready last, what it waited for, what that waited for, and so on.
    public let criticalChain: [Entry]

    public var total: Double { entries.map(\.ready).max() ?? 0 }

    /// - Returns: nil where nothing has been started.
    public init?(_ directory: StackDirectory) {
        guard let state = StackState(directory) else { return nil }
        let stacks = state.definitions.compactMapValues {
            CanonicalStack.read($0, project: directory.project, directory: state.directory)
        }
        let records = state.instances.filter { $0.wantedAt != nil && $0.startedEver != nil }
        guard let origin = records.compactMap(\.wantedAt).min() else { return nil }
        func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds - origin) / 1e9 }
        var entries: [String: Entry] = [:]
        // What is needed comes before what needs it.
        for record in records.sorted(by: { $0.beganAt < $1.beganAt }) {
            let service = ServiceName(record.service).flatMap { stacks[record.definition]?.services[$0] }
            let needed = Set(service?.dependencies.map(\.service.text) ?? [])
            let began = seconds(record.beganAt)
            let candidates = records.filter { needed.contains($0.service) }.compactMap { entries[$0.name] }
            let last = candidates.filter { $0.ready <= began + 0.001 }.max { $0.ready < $1.ready }
            let started = record.startedEver.map(seconds) ?? began
            entries[record.name] = Entry(
                name: record.name, wanted: record.wantedAt.map(seconds) ?? 0, released: began,
                started: max(began, started), ready: max(started, record.healthyAt.map(seconds) ?? started),
                waitedFor: last?.name)
        }
        guard !entries.isEmpty else { return nil }
        self.entries = entries.values.sorted { ($1.own, $0.name) < ($0.own, $1.name) }
        var chain: [Entry] = []
        var next = entries.values.max { ($0.ready, $1.name) < ($1.ready, $0.name) }
        while let entry = next, chain.count <= entries.count {
            chain.append(entry)
            next = entry.waitedFor.flatMap { entries[$0] }
        }
        criticalChain = chain
    }

    /// An array of objects: `instance`, and in seconds `wanted`, `released`, `started`, `ready`; `waitedFor`.
    public var json: String {
        JSONWriter.pretty(
            .array(
                entries.map { entry in
                    [
                        "instance": .string(entry.name), "wanted": .number(entry.wanted),
                        "released": .number(entry.released), "started": .number(entry.started),
                        "ready": .number(entry.ready), "waitedFor": entry.waitedFor.map { .string($0) } ?? .null,
                    ]
                }))
    }
}

extension InstanceRecord {
    /// When the payload of the last run began to run, in nanoseconds since the machine started.
    fileprivate var startedEver: Int64? { lastStartedAt ?? startedAt.map { Int64($0 * 1e9) } }
}
