internal import JSON
internal import Linux
internal import Runtime

enum StateCommand: ContainerCommand {
    static let name = "state"
    static let example = "gocker state box"
    static let operands = "<container>"
    static let summary = "Print the state of a container as JSON."

    static func run(_ words: [String], _: NoOptions, in context: ContainerContext) throws -> Int32 {
        let container = try context.container(try onlyName(words))
        let record = try container.record()
        printText(JSONWriter.pretty(record.state(container.status(record))))
        return 0
    }
}

enum ListCommand: ContainerCommand {
    struct Options {
        var isJSON = false
        var isQuiet = false
    }

    static let name = "list"
    static let example = "gocker list --format json"
    static let operands = ""
    static let summary = "List the containers of bundles."
    static var initial: Options { Options() }
    static var table: [Option<Options>] {
        [
            .value("-f", "--format", valueName: "table|json", help: "What to print.", expected: "table or json") {
                ["table", "json"].contains($0) ? $0 == "json" : nil
            } apply: {
                $0.isJSON = $1
            },
            .flag("-q", "--quiet", help: "Print the names only.") { $0.isQuiet = true },
        ]
    }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        guard words.isEmpty else { throw UsageError("list: takes no containers") }
        // One that is on its way in or out has nothing to tell.
        let containers = context.store.all().compactMap { container in
            (try? container.record()).map { (record: $0, status: container.status($0)) }
        }
        if options.isQuiet {
            for container in containers { writeLine("\(container.record.name)", to: .standardOutput) }
        } else if options.isJSON {
            printText(JSONWriter.compact(.array(containers.map { $0.record.state($0.status) })) + "\n")
        } else {
            let rows = containers.map { container in
                [
                    "\(container.record.name)",
                    container.status == .stopped ? "0" : "\(container.record.process?.processID ?? 0)",
                    container.status.rawValue, container.record.bundle, "\(container.record.created)",
                    container.record.owner == 0 ? "root" : "\(container.record.owner)",
                ]
            }
            printTable([["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]] + rows)
        }
        return 0
    }
}

enum PsCommand: ContainerCommand {
    struct Options {
        var isJSON = false
    }

    static let name = "ps"
    static let example = "gocker ps box"
    static let operands = "<container>"
    static let summary = "List the processes of a container, as the host numbers them."
    static var initial: Options { Options() }
    static var table: [Option<Options>] {
        [
            .value("-f", "--format", valueName: "table|json", help: "What to print.", expected: "table or json") {
                ["table", "json"].contains($0) ? $0 == "json" : nil
            } apply: {
                $0.isJSON = $1
            }
        ]
    }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        guard let first = words.first else { throw UsageError("ps: expected \(operands)") }
        let processes = try context.container(try containerName(first)).record().processes()
        if options.isJSON {
            printText(JSONWriter.compact(.array(processes.map { .integer(Int64($0)) })) + "\n")
            return 0
        }
        let rows = processes.map { process in
            let words = ((try? readText("/proc/\(process)/cmdline")) ?? "").split(separator: "\0")
            let user = (try? FileStatus.of("/proc/\(process)"))?.owner ?? 0
            return ["\(user)", "\(process)", words.joined(separator: " ")]
        }
        printTable([["UID", "PID", "CMD"]] + rows)
        return 0
    }
}

enum EventsCommand: ContainerCommand {
    struct Options {
        var isOnce = false
        var interval = Duration.seconds(5)
    }

    static let name = "events"
    static let example = "gocker events --stats box"
    static let operands = "<container>"
    static let summary = "Print what a container uses, and when memory ran out, as a line of JSON each."
    static var initial: Options { Options() }
    static var table: [Option<Options>] {
        [
            .flag("--stats", help: "Print what it uses once.") { $0.isOnce = true },
            .value(
                "--interval", valueName: "time", help: "How often to print what it uses (default: 5s).",
                expected: "a time such as 5s or 200ms"
            ) {
                interval($0)
            } apply: {
                $0.interval = $1
            },
        ]
    }

    /// Reads a number with the unit `ms`, `s`, `m` or `h`; of seconds without one.
    private static func interval(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int64(digits), number > 0, number < 1 << 32 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return .milliseconds(number)
        case "s", "": return .seconds(number)
        case "m": return .seconds(number * 60)
        case "h": return .seconds(number * 3600)
        default: return nil
        }
    }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        let container = try context.container(try onlyName(words))
        let record = try container.record()
        let status = container.status(record)
        guard status != .stopped else { throw LifecycleError.notRunning(record.name, status) }
        func printStatistics() {
            let event = CgroupStatistics(of: record.cgroup).event(of: "\(record.name)")
            printText(JSONWriter.compact(event) + "\n")
        }
        printStatistics()
        guard !options.isOnce, let process = record.process?.open() else { return 0 }
        let poller = try Poller()
        try poller.add(process.descriptor, token: 0)
        var events = try outOfMemoryEvents(of: record)
        switch events {
        case let events?: try poller.add(events.descriptor, token: 1)
        case nil: break
        }
        while true {
            let ready = try poller.wait(timeout: options.interval)
            if ready.contains(where: { $0.token == 0 }) { return 0 }
            if ready.isEmpty { printStatistics() }
            for event in ready where event.token == 1 {
                for _ in 0..<(try events?.take() ?? 0) {
                    printText(JSONWriter.compact(["type": "oom", "id": .string("\(record.name)")]) + "\n")
                }
            }
        }
    }

    /// Nil, and a warning, where nobody counts the memory of its cgroup.
    private static func outOfMemoryEvents(of record: ContainerRecord) throws -> CgroupEvents? {
        do {
            return try CgroupEvents(of: record.cgroup)
        } catch CgroupError.missingController {
            writeLine(
                "gocker: warning: \(record.name) has no cgroup with a memory controller: what it uses is printed, "
                    + "but not when memory ran out", to: .standardError)
            return nil
        }
    }
}

/// Prints rows with their columns below each other.
private func printTable(_ rows: [[String]]) {
    guard let columns = rows.first?.count else { return }
    let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
        var line = ""
        for (column, text) in row.enumerated() {
            line += text
            if column < columns - 1 { line += String(repeating: " ", count: widths[column] - text.count + 3) }
        }
        writeLine(line, to: .standardOutput)
    }
}

/// Prints text as it is.
func printText(_ text: String) {
    try? FileDescriptor.duplicate(1).writeAll(text.utf8)
}
