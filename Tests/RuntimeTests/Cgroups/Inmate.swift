import Linux

@testable import Runtime

/// A process in a cgroup, which enters like a container's init stage does.
final class Inmate {
    private let process: ProcessHandle

    /// Runs `script` with `sh`, and returns when it is in every place.
    init(in cgroup: Cgroup, _ script: String) throws {
        let shell = try FileDescriptor.open("/bin/sh", .path)
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        let pipe = try Pipe()
        let entering = cgroup.taskFiles.map { "echo 0 >'\($0)';" }.joined()
        let arguments = ["sh", "-c", "\(entering) echo in; exec >/dev/null; \(script)"]
        let environment = ["PATH=/usr/bin:/bin"]
        if let directory = cgroup.unifiedDirectory {
            let unified = try FileDescriptor.open(directory, [.path, .directory])
            process = try spawn(
                executable: shell, arguments: arguments, environment: environment, cgroup: unified.number,
                descriptors: [nothing.number, pipe.writer.number, 2])
        } else {
            process = try spawn(
                executable: shell, arguments: arguments, environment: environment,
                descriptors: [nothing.number, pipe.writer.number, 2])
        }
        _ = try pipe.keepingReader().readExactly(3)
    }

    var processID: Int32 { process.processID }

    /// Waits for the end.
    func wait() throws -> Linux.ExitStatus { try process.wait() }

    deinit {
        try? process.send(.kill)
    }
}
