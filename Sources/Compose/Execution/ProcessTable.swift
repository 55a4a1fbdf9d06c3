public import JSON
internal import Linux

/// The processes of a stack's instances, as `top` shows them.
public struct ProcessTable: Sendable {
    /// One process, in the terms of ps(1); numbers are the host's.
    public struct Row: Hashable, Sendable {
        public let instance: String
        public let service: String
        /// The user's name on the host, or number where nobody there has it.
        public let user: String
        public let uid: UInt32
        public let pid: Int32
        public let ppid: Int32
        /// The share of one processor over its life, in percent.
        public let processorPercent: Int
        /// `15:04` where it began today, else `Nov27`, or the year.
        public let started: String
        /// For example `pts/0`, or `?` for none.
        public let terminal: String
        /// In hours, minutes and seconds.
        public let processorTime: String
        /// The command with its arguments, or its name in brackets.
        public let command: String
    }

    public let rows: [Row]

    /// Looks at what runs in `instances` now. What ends meanwhile is left out.
    public init(_ instances: [RunningInstance]) {
        let names = UserNames()
        let now = (monotonic: MonotonicTime.now, wall: WallTime.now)
        rows = instances.flatMap { instance in
            instance.processes().sorted().compactMap { number in
                guard let process = try? ProcessStatistics(of: number) else { return nil }
                return Row(process, of: instance, names, now)
            }
        }
    }
}

extension ProcessTable.Row {
    public var json: JSONValue {
        [
            "instance": .string(instance), "service": .string(service), "user": .string(user),
            "uid": .integer(Int64(uid)), "pid": .integer(Int64(pid)), "ppid": .integer(Int64(ppid)),
            "processor_percent": .integer(Int64(processorPercent)), "started": .string(started),
            "terminal": .string(terminal), "processor_time": .string(processorTime), "command": .string(command),
        ]
    }
}

extension ProcessTable.Row {
    init(
        _ process: ProcessStatistics, of instance: RunningInstance, _ names: UserNames,
        _ now: (monotonic: MonotonicTime, wall: WallTime)
    ) {
        self.instance = instance.name
        service = "\(instance.service.name)"
        user = names[process.user] ?? "\(process.user)"
        uid = process.user
        pid = process.processID
        ppid = process.parent
        let age = now.monotonic - process.startedAt
        processorPercent = age > .zero ? Int((process.processorTime / age * 100).rounded(.down)) : 0
        let begin = WallTime(
            nanosecondsSinceEpoch: now.wall.nanosecondsSinceEpoch - MonotonicTime(sinceBoot: age).nanoseconds)
        started = Self.text(of: LocalTime(begin), today: LocalTime(now.wall))
        terminal = process.terminal.map(Self.name) ?? "?"
        processorTime = Self.clock(process.processorTime)
        command = process.arguments.isEmpty ? "[\(process.name)]" : process.arguments.joined(separator: " ")
    }

    /// As ps(1) has it.
    static func text(of time: LocalTime, today: LocalTime) -> String {
        if time.year != today.year { return "\(time.year)" }
        guard time.dayOfYear == today.dayOfYear else {
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            return months[(time.month - 1) % 12] + padded(time.day)
        }
        return "\(padded(time.hour)):\(padded(time.minute))"
    }

    static func clock(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        return "\(padded(seconds / 3600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
    }

    /// Of the terminals in the kernel's list of devices, those that a service can have.
    private static func name(_ terminal: DeviceNumber) -> String {
        switch terminal.major {
        case 136...143: "pts/\((terminal.major - 136) << 20 | terminal.minor)"
        case 4 where terminal.minor < 64: "tty\(terminal.minor)"
        case 4: "ttyS\(terminal.minor - 64)"
        default: "\(terminal.major):\(terminal.minor)"
        }
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// What the users of the host are called. See passwd(5).
struct UserNames {
    private var names: [UInt32: String] = [:]

    init() {
        for line in ((try? readText("/etc/passwd")) ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            // The first of several names of a number is the one that counts.
            guard fields.count > 2, let number = UInt32(fields[2]), names[number] == nil else { continue }
            names[number] = String(fields[0])
        }
    }

    subscript(_ number: UInt32) -> String? { names[number] }
}
