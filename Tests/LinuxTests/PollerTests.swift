import Linux
import Testing

@Suite("Waiting for descriptors")
struct PollerTests {
    @Test func reportsWhatIsReadyUnderItsToken() throws {
        let poller = try Poller()
        let quiet = try Pipe()
        let loud = try Pipe()
        try poller.add(quiet.reader, token: 1)
        try poller.add(loud.reader, token: 2)
        #expect(try poller.wait(timeout: .zero) == [])
        try loud.writer.writeAll([1])
        let events = try poller.wait()
        #expect(events.map(\.token) == [2])
        #expect(events.first?.readiness == .readable)
    }

    @Test func reportsThatTheOtherSideIsGone() throws {
        let poller = try Poller()
        let pipe = try Pipe()
        try poller.add(pipe.reader, token: 7)
        let reader = pipe.keepingReader()
        let events = try poller.wait()
        #expect(events.first?.token == 7)
        #expect(events.first?.readiness.isSubset(of: .hangUp) == true)
        try poller.remove(reader)
        #expect(try poller.wait(timeout: .zero) == [])
    }

    @Test func canBeToldToWaitForSomethingElse() throws {
        let poller = try Poller()
        let pipe = try Pipe()
        try poller.add(pipe.writer, token: 3, interests: .writable)
        #expect(try poller.wait().first?.readiness == .writable)
        try poller.modify(pipe.writer, token: 3, interests: [])
        #expect(try poller.wait(timeout: .zero) == [])
    }

    @Test func doesNotWakeBeforeItsTime() throws {
        let start = MonotonicTime.now
        #expect(try Poller().wait(timeout: .microseconds(2500)) == [])
        #expect(.now - start >= .microseconds(2500))
    }

    @Test func takesPlainFilesBesidePipes() throws {
        let scratch = try Scratch()
        let file = try FileDescriptor.open(try scratch.write("file", ""))
        let pipe = try Pipe()
        #expect(try readableDescriptors(among: [file.number, pipe.reader.number], wait: true) == [file.number])
    }
}
