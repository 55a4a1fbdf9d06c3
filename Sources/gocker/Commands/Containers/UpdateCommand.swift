internal import JSON
internal import Linux
internal import Runtime

enum UpdateCommand: ContainerCommand {
    struct Options {
        var document: String?
        var resources = Resources()
    }

    static let name = "update"
    static let example = "gocker update --memory 64m box"
    static let operands = "<container>"
    static let summary = "Change what a running container may use."
    static var initial: Options { Options() }

    static var table: [Option<Options>] {
        [
            .text(
                "-r", "--resources", valueName: "file",
                help: "A document like the specification's resources; - for standard input."
            ) { $0.document = $1 },
            number("--blkio-weight", "The weight of its reads and writes, 10 to 1000.", as: UInt16.self) {
                $0.blockIO.weight = $1
            },
            number("--cpu-period", "In microseconds.", as: UInt64.self) { $0.cpu.period = $1 },
            number("--cpu-quota", "Microseconds in every period; -1 for no limit.", as: Int64.self) {
                $0.cpu.quota = $1
            },
            number("--cpu-burst", "Microseconds of unused quota to be used later.", as: UInt64.self) {
                $0.cpu.burst = $1
            },
            number("--cpu-share", "Its weight against others.", as: UInt64.self) { $0.cpu.shares = $1 },
            number("--cpu-rt-period", "In microseconds, for real time.", as: UInt64.self) {
                $0.cpu.realtimePeriod = $1
            },
            number("--cpu-rt-runtime", "Microseconds in every period, for real time.", as: Int64.self) {
                $0.cpu.realtimeRuntime = $1
            },
            number("--cpu-idle", "1 to run only when nobody else wants to.", as: Int64.self) { $0.cpu.idle = $1 },
            .text("--cpuset-cpus", valueName: "list", help: "Which processors, e.g. 0-3.") {
                $0.resources.cpu.cpus = $1
            },
            .text("--cpuset-mems", valueName: "list", help: "Which memory nodes, e.g. 0.") {
                $0.resources.cpu.mems = $1
            },
            bytes("--memory", "The limit on memory; -1 for none.") { $0.memory.limit = $1 },
            bytes("--memory-reservation", "What is left to it when memory is short.") { $0.memory.reservation = $1 },
            bytes("--memory-swap", "The limit on memory and swap space together; -1 for none.") {
                $0.memory.swap = $1
            },
            number("--pids-limit", "How many processes may exist; -1 for no limit.", as: Int64.self) { $0.pids = $1 },
        ]
    }

    private static func number<Number: FixedWidthInteger>(
        _ name: String, _ help: String, as _: Number.Type, _ apply: @escaping (inout Resources, Number) -> Void
    ) -> Option<Options> {
        .value(name, valueName: "n", help: help, expected: "a whole number") {
            Number($0)
        } apply: {
            apply(&$0.resources, $1)
        }
    }

    private static func bytes(
        _ name: String, _ help: String, _ apply: @escaping (inout Resources, Int64) -> Void
    ) -> Option<Options> {
        .value(name, valueName: "bytes", help: help, expected: "a number of bytes, with a unit if wanted, or -1") {
            $0 == "-1" ? -1 : ByteCount($0)?.bytes
        } apply: {
            apply(&$0.resources, $1)
        }
    }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        let container = try context.container(try onlyName(words))
        let resources = try options.document.map(read) ?? options.resources
        try container.update(resources)
        return 0
    }

    private static func read(_ path: String) throws -> Resources {
        do {
            let bytes = path == "-" ? try FileDescriptor.duplicate(0).readAll() : try readFile(path)
            return try Resources(try SpecObject(try JSONReader.read(bytes)))
        } catch {
            throw Failure("\(path): \(error)", exitCode: 1)
        }
    }
}
