internal import FoundationEssentials
internal import JSON

/// What a command asks of the supervisor of a stack.
enum ControlRequest: Codable, Hashable, Sendable {
    /// Make the stack what this definition says.
    case up(UpRequest)
    /// Do something to instances that there are.
    case operate(StackOperation)
    /// Stop everything in order, then end. `timeout` is in seconds, in place of every service's own.
    case stop(timeout: Double?)
    /// Kill what is still there, then end.
    case kill
    /// Tell everything that happens from now on, after how things are.
    case watch
    /// Tell what has happened since then, in nanoseconds since 1970, as far as it is known.
    case recall(since: Int64)
    /// Go on as the program that asks.
    case upgrade
}

/// What `up` and `create` ask for.
public struct UpRequest: Codable, Hashable, Sendable {
    /// Canonical.
    var definition: String
    /// What secrets and configs that came from variables hold, by their digests: never written to disk.
    var contents: [String: Data]
    /// Where the definition is from.
    var directory: String
    var files: [String]
    /// Only these; none means all.
    public private(set) var services: [String] = []
    /// Services of the file that are left out for their profiles: what there is of them stays as it is.
    public var inactive: [String] = []
    public var recreation = StackPlan.Recreation.changed
    /// Where it is to be done always: only to these; none means all.
    var recreated: [String] = []
    public var removesOrphans = false
    /// Whether those that stay are worth a word.
    public var tellsOrphans = true
    /// Whether what is made anew begins with new volumes of its own.
    public var renewsVolumes = false
    /// Volumes that are made although no service uses them.
    private(set) var volumes: [VolumeStore.Record] = []
    /// Whether what has ended is left alone where an earlier supervisor's work is gone on with: it has been dealt with.
    public var resumes = false
    /// False to make everything ready only.
    public var starts = true
    /// In seconds, in place of the grace period of those that are stopped.
    public var timeout: Double?
    /// Whether the answer waits until everything is healthy, not only started.
    public var waitsForHealth = false
    /// For how many seconds at most; nil for any time.
    public var waitTimeout: Double?

    public init(_ stack: Stack, files: [String], services: [ServiceName] = []) {
        definition = stack.canonicalYAML
        contents = stack.contents.mapValues { Data($0) }
        directory = stack.directory
        self.files = files
        self.services = services.map(\.text)
    }
}

extension UpRequest {
    /// Makes only some of the services anew that nothing has changed about.
    public mutating func recreatesOnly(_ services: [ServiceName]) { recreated = services.map(\.text) }

    /// Makes all volumes of a stack that are directories, used or not.
    ///
    /// - Parameter stack: loaded with what nobody uses.
    public mutating func makesVolumes(of stack: Stack) {
        volumes = (stack.document.model["volumes"]?.mapping ?? Mapping()).compactMap { key, entry in
            let node = entry.value
            let name = node["name"]?.string ?? key
            guard node["external"]?.boolean != true, node["driver_opts"]?.mapping?.isEmpty ?? true, Volume.isName(name)
            else { return nil }
            let labels = (node["labels"]?.mapping ?? Mapping()).map { ($0.key, $0.value.value.string ?? "") }
            return VolumeStore.Record(
                name: name, project: stack.name.text, instance: nil, labels: Dictionary(labels) { $1 })
        }
    }

    /// What the plan has to know of it.
    public var planOptions: StackPlan.Options {
        var options = StackPlan.Options()
        options.recreation = recreation
        options.recreated = Set(recreated.compactMap { ServiceName($0) })
        options.renewsVolumes = renewsVolumes
        options.removesOrphans = removesOrphans
        options.tellsOrphans = tellsOrphans
        options.inactive = Set(inactive.compactMap { ServiceName($0) })
        if !services.isEmpty { options.services = Set(services.compactMap { ServiceName($0) }) }
        return options
    }
}

/// What is done to instances that there are.
public struct StackOperation: Codable, Hashable, Sendable {
    public enum Kind: Codable, Hashable, Sendable {
        case start
        case stop(timeout: Double?)
        /// `cascades`: whether those that are to be restarted with them are.
        case restart(timeout: Double?, cascades: Bool)
        /// The number of a signal.
        case kill(Int32)
        case pause
        case unpause
        /// `stops`: whether those that run are stopped before.
        case remove(stops: Bool)
    }

    public var kind: Kind
    /// Names of services or instances; none means all.
    public var names: [String]

    public init(_ kind: Kind, _ names: [String]) {
        self.kind = kind
        self.names = names
    }
}

/// What the supervisor answers: events as they happen, then one of the others.
enum ControlReply: Hashable, Sendable {
    case event(StackEvent)
    /// The request has been carried out; these instances failed.
    case done(failed: [String])
    case refused(String)
    /// Somebody else supervises the stack, or is about to.
    case busy
    /// What happens is told from here on.
    case watching
    /// A line that an instance printed and no log of ours keeps, without its line feed.
    case line(instance: String, stream: LogStream, Data)
}

/// In the form that the compiler makes of `Codable`, in a fraction of the time: thousands of events are nothing special.
extension ControlReply {
    var json: JSONValue {
        switch self {
        case .event(let event): ["event": ["_0": event.json]]
        case .done(let failed): ["done": ["failed": failed.json]]
        case .refused(let reason): ["refused": ["_0": .string(reason)]]
        case .busy: ["busy": [:]]
        case .watching: ["watching": [:]]
        case .line(let instance, let stream, let line):
            [
                "line": [
                    "instance": .string(instance), "stream": stream.json, "_2": .string(line.base64EncodedString()),
                ]
            ]
        }
    }

    init?(_ json: JSONValue) {
        guard case .object(let entries) = json, entries.count == 1, let (name, fields) = entries.first else {
            return nil
        }
        switch name {
        case "event":
            guard let event = fields["_0"].flatMap({ StackEvent($0) }) else { return nil }
            self = .event(event)
        case "done":
            guard let failed = fields["failed"].flatMap({ [String]($0) }) else { return nil }
            self = .done(failed: failed)
        case "refused":
            guard let reason = fields["_0"].flatMap({ String($0) }) else { return nil }
            self = .refused(reason)
        case "busy": self = .busy
        case "watching": self = .watching
        case "line":
            guard let instance = fields["instance"].flatMap({ String($0) }),
                let stream = fields["stream"].flatMap({ LogStream($0) }),
                let text = fields["_2"].flatMap({ String($0) }), let line = Data(base64Encoded: text)
            else { return nil }
            self = .line(instance: instance, stream: stream, line)
        default: return nil
        }
    }
}

extension LogStream: RecordValue {}

/// Messages as lines of JSON, one each.
enum ControlLine {
    static func encode(_ message: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(message) else { return [] }
        return Array(data) + [UInt8(ascii: "\n")]
    }

    static func encode(_ reply: ControlReply) -> [UInt8] {
        JSONWriter.compactBytes(reply.json) + [UInt8(ascii: "\n")]
    }

    static func decode<Message: Decodable>(_ line: some Sequence<UInt8>, as type: Message.Type) -> Message? {
        try? JSONDecoder().decode(type, from: Data(line))
    }

    static func reply(_ line: some Sequence<UInt8>) -> ControlReply? {
        (try? JSONReader.read(Array(line))).flatMap { ControlReply($0) }
    }
}
