import FoundationEssentials
import Linux
import Testing

/// A stack file in a directory of its own, with run and data directories of its own, taken down at the end.
final class StackFixture {
    let directory: TemporaryDirectory
    let project: String
    var runBase: String { "\(directory.path)/run" }
    let dataBase: String
    var environment: [String] {
        ["GOCKER_RUN_DIR=\(runBase)", "GOCKER_DATA_DIR=\(dataBase)"]
    }

    /// - Parameters:
    ///   - yaml: the services; `rootfs: rootfs` is there for them.
    ///   - dataBase: where journal and logs are; below the directory where it is nil.
    init(_ yaml: String, dataBase: String? = nil) throws {
        directory = try TemporaryDirectory()
        self.dataBase = dataBase ?? "\(directory.path)/data"
        project = "t\(try randomBytes(6).map { String($0, radix: 16) }.joined())"
        try makeSymbolicLink(to: TestFiles.rootfs, at: "\(directory.path)/rootfs")
        try write(yaml)
    }

    /// The example `stacks/NAME/stack.yaml`, as it is.
    convenience init(example name: String) throws {
        try self.init("")
        let text = try readText("\(TestFiles.project)/stacks/\(name)/stack.yaml")
        try directory.write("stack.yaml", text.replacing("../../rootfs", with: "rootfs"))
    }

    func write(_ yaml: String) throws {
        try directory.write("stack.yaml", yaml)
    }

    deinit {
        _ = try? compose("down", timeout: .seconds(30))
    }

    var file: String { "\(directory.path)/stack.yaml" }

    @discardableResult
    func compose(_ command: String, _ arguments: String..., timeout: Duration = .seconds(60)) throws -> Program.Outcome
    {
        try Program.compose.run(
            ["-f", file, "-p", project, command] + arguments, environment: environment, timeout: timeout)
    }

    func start(_ command: String, _ arguments: String...) throws -> RunningProgram {
        try Program.compose.start(["-f", file, "-p", project, command] + arguments, environment: environment)
    }

    /// A row of `ps` as its columns.
    func row(of instance: String) throws -> [String: String] {
        let table = try compose("ps").output.split(separator: "\n")
        guard let header = table.first?.split(separator: " ").map(String.init),
            let line = table.first(where: { $0.hasPrefix("\(instance) ") })
        else { return [:] }
        let cells = line.split(separator: " ").map(String.init)
        return Dictionary(zip(header, cells), uniquingKeysWith: { first, _ in first })
    }

    /// The process of an instance, as `ps` tells it.
    func processID(of instance: String) throws -> Int32 {
        struct Row: Decodable {
            let name: String
            let processId: Int32?
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let rows = try decoder.decode([Row].self, from: Data(try compose("ps", "--format", "json").output.utf8))
        return try #require(rows.first { $0.name == instance }?.processId)
    }

    /// Asks `condition` again and again, until it holds or the time is over.
    func eventually(within timeout: Duration = .seconds(20), _ condition: () throws -> Bool) throws -> Bool {
        let deadline = MonotonicTime.now + timeout
        while .now < deadline {
            if try condition() { return true }
            _ = try Poller().wait(timeout: .milliseconds(20))
        }
        return try condition()
    }

    func traces() throws -> MachineTraces {
        try MachineTraces(cgroupPrefix: "gocker-\(project)", runBase: runBase)
    }
}

extension String {
    func replacing(_ old: String, with new: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.firstRange(of: old) {
            result += rest[..<range.lowerBound] + new
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
