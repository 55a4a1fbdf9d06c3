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
        self.init(state, of: directory.project)
    }

    init?(_ state: StackState, of project: ProjectName) {
        let stacks = state.definitions.compactMapValues {
            CanonicalStack.read($0, project: project, directory: state.directory)
        }
        let starts = state.instances.compactMap { record -> Start? in
            guard let marks = record.marks, let released = marks.released, let started = marks.started else {
                return nil
            }
            return Start(record: record, wanted: marks.wanted, released: released, started: started, marks.healthy)
        }
        guard let origin = starts.map(\.wanted).min() else { return nil }
        func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds - origin) / 1e9 }
        var entries: [String: Entry] = [:]
        // What is needed comes before what needs it.
        for start in starts.sorted(by: { $0.released < $1.released }) {
            let record = start.record
            let service = ServiceName(record.service).flatMap { stacks[record.definition]?.services[$0] }
            let needed = Set(service?.dependencies.map(\.service.text) ?? [])
            let released = seconds(start.released)
            let candidates = starts.filter { needed.contains($0.record.service) }.compactMap { entries[$0.record.name] }
            let last = candidates.filter { $0.ready <= released + 0.001 }.max { $0.ready < $1.ready }
            entries[record.name] = Entry(
                name: record.name, wanted: seconds(start.wanted), released: released, started: seconds(start.started),
                ready: seconds(start.ready), waitedFor: last?.name)
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

/// A start that got to its payload.
private struct Start {
    let record: InstanceRecord
    let wanted: Int64
    let released: Int64
    let started: Int64
    let ready: Int64

    init(record: InstanceRecord, wanted: Int64, released: Int64, started: Int64, _ healthy: Int64?) {
        self.record = record
        self.wanted = wanted
        self.released = released
        self.started = started
        ready = max(started, healthy ?? started)
    }
}
