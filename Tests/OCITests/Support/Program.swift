import Glibc
import Linux

/// A program of the host, run as an engine runs a runtime.
struct Program {
    let path: String

    static let shell = Program(path: "/bin/sh")

    /// What a run gave.
    struct Outcome {
        let status: ExitStatus
        let output: String
        let errors: String

        var exitCode: Int32 { status.shellCode }
        var succeeded: Bool { exitCode == 0 }
        var lines: [String] { output.split(separator: "\n").map(String.init) }
        /// Everything it said, for the message of a failed expectation.
        var report: String { "code \(exitCode), output \"\(output)\", errors \"\(errors)\"" }
    }

    /// What a program gets from its caller.
    struct Surroundings {
        var environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
        var input = ""
        /// Descriptors 3, 4, … of the program.
        var descriptors: [CInt] = []
        var timeout = Duration.seconds(30)
    }

    /// Runs the program to its end; after the time-out it is killed, and the outcome says so.
    func run(_ arguments: [String], _ surroundings: Surroundings = Surroundings()) throws -> Outcome {
        try start(arguments, surroundings).finish(timeout: surroundings.timeout)
    }

    /// Starts the program and leaves it running.
    func start(_ arguments: [String], _ surroundings: Surroundings = Surroundings()) throws -> RunningProgram {
        try RunningProgram(path: path, arguments: arguments, surroundings: surroundings)
    }
}

/// A program that has been started. What it prints goes to memory: whoever it leaves behind can go on printing.
final class RunningProgram {
    let process: ProcessHandle
    private let outputFile: FileDescriptor
    private let errorFile: FileDescriptor

    init(path: String, arguments: [String], surroundings: Program.Surroundings) throws {
        let input = try FileDescriptor.inMemory(named: "input")
        try input.writeAll(surroundings.input.utf8)
        let reader = try input.reopen()
        outputFile = try FileDescriptor.inMemory(named: "output")
        errorFile = try FileDescriptor.inMemory(named: "errors")
        let executable = try FileDescriptor.open(path, .path)
        let descriptors = [reader.number, outputFile.number, errorFile.number] + surroundings.descriptors
        // The threads that tests run on block signals, and a child would inherit that.
        var empty = sigset_t()
        var mask = sigset_t()
        sigemptyset(&empty)
        pthread_sigmask(SIG_SETMASK, &empty, &mask)
        defer { pthread_sigmask(SIG_SETMASK, &mask, nil) }
        process = try spawn(
            executable: executable, arguments: [path] + arguments, environment: surroundings.environment,
            descriptors: descriptors)
    }

    /// What has been printed so far, by the program and by those that have its standard output from it.
    var output: String { Self.text(of: outputFile) }
    var errors: String { Self.text(of: errorFile) }

    func finish(timeout: Duration = .seconds(30)) throws -> Program.Outcome {
        let deadline = MonotonicTime.now + timeout
        var note = ""
        var status = try process.poll()
        while status == nil {
            if .now >= deadline {
                try process.send(.kill)
                status = try process.wait()
                note = "\n[killed by the test after \(timeout)]"
                break
            }
            let poller = try Poller()
            try poller.add(process.descriptor, token: 0)
            _ = try poller.wait(timeout: .milliseconds(50))
            status = try process.poll()
        }
        return Program.Outcome(status: status ?? .exited(-1), output: output, errors: errors + note)
    }

    private static func text(of file: borrowing FileDescriptor) -> String {
        let bytes = (try? file.reopen().readAll()) ?? []
        return String(decoding: bytes, as: UTF8.self)
    }
}
