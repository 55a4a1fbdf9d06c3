import Linux

/// One of the project's programs, run as a user would run it.
struct Program {
    let path: String

    static let gocker = Program(path: "\(TestFiles.binaries)/gocker")
    static let compose = Program(path: "\(TestFiles.binaries)/gocker-compose")

    /// What a run gave.
    struct Outcome {
        let status: ExitStatus
        let output: String
        let errors: String

        var exitCode: Int32 { status.shellCode }
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Runs the program to its end; after `timeout` it is killed, and the outcome says so.
    @discardableResult
    func run(
        _ arguments: String..., environment: [String] = [], input: String = "", timeout: Duration = .seconds(60)
    ) throws -> Outcome {
        try run(arguments, environment: environment, input: input, timeout: timeout)
    }

    func run(
        _ arguments: [String], environment: [String] = [], input: String = "", timeout: Duration = .seconds(60)
    ) throws -> Outcome {
        let running = try start(arguments, environment: environment)
        try running.send(input)
        running.closeInput()
        return try running.finish(timeout: timeout)
    }

    /// Starts the program and leaves it running.
    func start(_ arguments: [String], environment: [String] = []) throws -> RunningProgram {
        let names = environment.compactMap { $0.split(separator: "=").first }
        let inherited = TestFiles.environment.filter { entry in !names.contains { entry.hasPrefix("\($0)=") } }
        return try RunningProgram(path: path, arguments: arguments, environment: inherited + environment)
    }
}

/// A program that has been started, with pipes to all three streams.
final class RunningProgram {
    let process: ProcessHandle
    private var input: FileDescriptor?
    private let output: FileDescriptor
    private let errors: FileDescriptor
    private(set) var printed: [UInt8] = []
    private(set) var complained: [UInt8] = []

    init(path: String, arguments: [String], environment: [String]) throws {
        let inputPipe = try Pipe()
        let outputPipe = try Pipe()
        let errorPipe = try Pipe()
        process = try spawn(
            executable: try FileDescriptor.open(path, .path), arguments: [path] + arguments, environment: environment,
            descriptors: [inputPipe.reader.number, outputPipe.writer.number, errorPipe.writer.number])
        input = inputPipe.keepingWriter()
        output = outputPipe.keepingReader()
        errors = errorPipe.keepingReader()
        try output.setNonBlocking(true)
        try errors.setNonBlocking(true)
    }

    func send(_ text: String) throws {
        switch input {
        case .some(let input): try input.writeAll(text.utf8)
        case nil: break
        }
    }

    func closeInput() { input = nil }

    /// Waits until standard output contains `text`.
    func waitForOutput(_ text: String, timeout: Duration = .seconds(20)) throws -> Bool {
        try wait(timeout: timeout) { String(decoding: $0.printed, as: UTF8.self).contains(text) }
    }

    /// Waits until standard error contains `text`.
    func waitForErrors(_ text: String, timeout: Duration = .seconds(20)) throws -> Bool {
        try wait(timeout: timeout) { String(decoding: $0.complained, as: UTF8.self).contains(text) }
    }

    private func wait(timeout: Duration, until condition: (RunningProgram) -> Bool) throws -> Bool {
        let deadline = MonotonicTime.now + timeout
        while !condition(self) {
            guard .now < deadline else { return false }
            try collect()
            _ = try Poller().wait(timeout: .milliseconds(10))
        }
        return true
    }

    func finish(timeout: Duration = .seconds(60)) throws -> Program.Outcome {
        let deadline = MonotonicTime.now + timeout
        var status: ExitStatus?
        while status == nil {
            try collect()
            status = try process.poll()
            guard status == nil else { break }
            if .now >= deadline {
                try process.send(.kill)
                status = try process.wait()
                complained += Array("\n[killed by the test after \(timeout)]".utf8)
            }
            let poller = try Poller()
            try poller.add(process.descriptor, token: 0)
            _ = try poller.wait(timeout: .milliseconds(20))
        }
        try collect()
        return Program.Outcome(
            status: status ?? .exited(-1), output: String(decoding: printed, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self))
    }

    private func collect() throws {
        while case .bytes(let bytes) = try output.read(upTo: 65536) { printed += bytes }
        while case .bytes(let bytes) = try errors.read(upTo: 65536) { complained += bytes }
    }
}
