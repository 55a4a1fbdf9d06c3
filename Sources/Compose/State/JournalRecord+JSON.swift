internal import JSON
internal import Linux

extension JournalRecord {
    var json: JSONValue {
        switch self {
        case .origin(let origin, let bootID): ["origin": ["_0": origin.json, "bootID": .string(bootID)]]
        case .definition(let number, let text): ["definition": ["_0": number.json, "_1": .string(text)]]
        case .instance(let record): ["instance": ["_0": record.json]]
        case .removed(let service, let number): ["removed": ["service": .string(service), "number": number.json]]
        }
    }

    init?(_ json: JSONValue) {
        if let value = json["instance"]?["_0"], let record = InstanceRecord(value) {
            self = .instance(record)
        } else if let fields = json["origin"], let origin = fields["_0"].flatMap({ StackState.Origin($0) }),
            let bootID = fields["bootID"].flatMap({ String($0) })
        {
            self = .origin(origin, bootID: bootID)
        } else if let fields = json["definition"], let number = fields["_0"].flatMap({ Int($0) }),
            let text = fields["_1"].flatMap({ String($0) })
        {
            self = .definition(number, text)
        } else if let fields = json["removed"], let service = fields["service"].flatMap({ String($0) }),
            let number = fields["number"].flatMap({ Int($0) })
        {
            self = .removed(service: service, number: number)
        } else {
            return nil
        }
    }
}

extension StackState.Origin: RecordType {
    static var blank: Self { Self(directory: "", files: []) }

    mutating func visit(_ fields: inout RecordFields) {
        fields.field("directory", &directory)
        fields.field("files", &files)
    }
}

extension InstanceRecord: RecordType {
    static var blank: Self {
        Self(
            service: "", number: 0, phase: .created, definition: 0, isWantedUp: false, restarts: 0, attempts: 0,
            nextDelay: 0, beganAt: 0, hasRun: false, runs: 0, wasOutOfMemory: false)
    }

    mutating func visit(_ fields: inout RecordFields) {
        fields.field("service", &service)
        fields.field("number", &number)
        fields.field("phase", &phase)
        fields.field("definition", &definition)
        fields.field("isWantedUp", &isWantedUp)
        fields.field("isToStart", &isToStart)
        fields.field("isStale", &isStale)
        fields.field("isPreparingStop", &isPreparingStop)
        fields.field("isLeaving", &isLeaving)
        fields.field("isPrepared", &isPrepared)
        fields.field("renewsVolumes", &renewsVolumes)
        fields.field("process", &process)
        fields.field("places", &places)
        fields.field("startedAt", &startedAt)
        fields.field("exitCode", &exitCode)
        fields.field("signalNumber", &signalNumber)
        fields.field("restarts", &restarts)
        fields.field("attempts", &attempts)
        fields.field("nextDelay", &nextDelay)
        fields.field("backsOffUntil", &backsOffUntil)
        fields.field("beganAt", &beganAt)
        fields.field("hasRun", &hasRun)
        fields.field("runs", &runs)
        fields.field("wasOutOfMemory", &wasOutOfMemory)
        fields.field("isPaused", &isPaused)
        fields.field("health", &health)
        fields.field("checkStatus", &checkStatus)
        fields.field("failingStreak", &failingStreak)
        fields.field("isReady", &isReady)
        fields.field("said", &said)
        fields.field("isScheduled", &isScheduled)
        fields.field("scheduleSeen", &scheduleSeen)
        fields.field("marks", &marks)
        fields.field("reason", &reason)
        fields.field("peakMemory", &peakMemory)
        fields.field("ranFor", &ranFor)
    }
}

extension InstanceRecord.Phase: RecordValue {}
extension HealthStatus: RecordValue {}

extension InstanceRecord.Process: RecordType {
    static var blank: Self { Self(number: 0, startTime: 0) }

    mutating func visit(_ fields: inout RecordFields) {
        fields.field("number", &number)
        fields.field("startTime", &startTime)
    }
}

extension InstanceRecord.Place: RecordType {
    static var blank: Self { Self(mount: "", path: "", isUnified: false) }

    mutating func visit(_ fields: inout RecordFields) {
        fields.field("mount", &mount)
        fields.field("path", &path)
        fields.field("isUnified", &isUnified)
    }
}

extension StartMarks: RecordType {
    static var blank: Self { Self(wantedAt: MonotonicTime(nanoseconds: 0)) }

    mutating func visit(_ fields: inout RecordFields) {
        fields.field("wanted", &wanted)
        fields.field("released", &released)
        fields.field("started", &started)
        fields.field("healthy", &healthy)
    }
}
