import Linux
import Testing

@Suite("Processes")
struct ProcessTests {
    /// Runs a shell script with `descriptors` as its 0, 1, 2, …
    private func shell(_ script: String, _ descriptors: [CInt]) throws -> ProcessHandle {
        try spawn(
            executable: try FileDescriptor.open("/bin/sh", .path), arguments: ["sh", "-c", script],
            environment: ["PATH=/usr/bin:/bin", "GREETING=hello"], descriptors: descriptors)
    }

    /// What a script prints, with its exit status.
    private func output(_ script: String) throws -> (text: String, status: Linux.ExitStatus) {
        let pipe = try Pipe()
        let process = try shell(script, [0, pipe.writer.number, 2])
        let reader = pipe.keepingReader()
        let text = String(decoding: try reader.readAll(), as: UTF8.self)
        return (text, try process.wait())
    }

    @Test func getTheEnvironmentTheyAreGivenAndNoOther() throws {
        #expect(try output("echo $GREETING; exit 3").text == "hello\n")
        #expect(try output("echo ${HOME-unset}").text == "unset\n")
    }

    @Test func endWithACodeOrByASignal() throws {
        #expect(try output("exit 3").status == .exited(3))
        #expect(try output("kill -KILL $$").status == .signalled(.kill))
    }

    @Test func haveTheDescriptorsTheyAreGivenAndNoOthers() throws {
        // `ls` itself has the directory open, as the lowest number that is free.
        #expect(try output("exec ls /proc/self/fd").text == "0\n1\n2\n3\n")
    }

    @Test func areExecutedAlsoWhereTheirFileIsInTheWayOfADescriptor() throws {
        let file = try FileDescriptor.open("/bin/true", .path)
        let descriptors = [CInt](repeating: 0, count: Int(file.number) + 2)
        #expect(try spawn(executable: file, arguments: ["true"], descriptors: descriptors).wait() == .exited(0))
    }

    @Test func getDescriptorsInTheOrderGivenEvenWhereTheNumbersOverlap() throws {
        let first = try Pipe()
        let second = try Pipe()
        let script = "echo zero >&0; echo one >&1"
        // Descriptors below three are the test's own, and are asked for in the wrong places.
        let process = try shell(script, [second.writer.number, first.writer.number, 0, 1, 2])
        let firstReader = first.keepingReader()
        let secondReader = second.keepingReader()
        #expect(try process.wait() == .exited(0))
        #expect(String(decoding: try secondReader.readAll(), as: UTF8.self) == "zero\n")
        #expect(String(decoding: try firstReader.readAll(), as: UTF8.self) == "one\n")
    }

    @Test func thatCannotBeExecutedAreReportedWithTheReason() throws {
        let scratch = try Scratch()
        let file = try FileDescriptor.open(try scratch.write("text", "no program", mode: 0o755), .path)
        let error = #expect(throws: SystemError.self) {
            _ = try spawn(executable: file, arguments: ["text"], descriptors: [])
        }
        #expect(error?.errno == .execFormat)
        let directory = try scratch.open()
        let other = #expect(throws: SystemError.self) {
            _ = try spawn(executable: directory, arguments: ["directory"], descriptors: [])
        }
        #expect(other?.errno == .permissionDenied)
    }

    @Test func areHeldByTheirDescriptorUntilTheyEnd() throws {
        let pipe = try Pipe()
        let process = try shell("read line; exit 4", [pipe.reader.number, 1, 2])
        let poller = try Poller()
        try poller.add(process.descriptor, token: 1)
        #expect(try process.poll() == nil)
        #expect(try poller.wait(timeout: .zero) == [])
        try pipe.writer.writeAll("\n".utf8)
        #expect(try poller.wait().first?.token == 1)
        #expect(try process.poll() == .exited(4))
    }

    @Test func thatHaveEndedTakeSignalsWithoutAnError() throws {
        let process = try shell("exit 0", [0, 1, 2])
        #expect(try process.wait() == .exited(0))
        try process.send(.terminate)
        let error = #expect(throws: SystemError.self) { _ = try process.wait() }
        #expect(error?.errno == .noChild)
    }

    @Test func areInTheNamespacesAskedFor() throws {
        guard effectiveUserID == 0 else { return }
        let pipe = try Pipe()
        let process = try spawn(
            executable: try FileDescriptor.open("/bin/sh", .path), arguments: ["sh", "-c", "echo $$"],
            namespaces: [.process], descriptors: [0, pipe.writer.number, 2])
        let reader = pipe.keepingReader()
        #expect(String(decoding: try reader.readAll(), as: UTF8.self) == "1\n")
        #expect(try process.wait() == .exited(0))
    }
}
