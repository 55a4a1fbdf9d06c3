import Linux
import Testing

@testable import Compose

/// The drivers that send lines to somebody else, over sockets of a test's own.
final class SystemLogTests {
    private let scratch: LogScratch
    private let project: ProjectName
    private let receiver: FileDescriptor

    init() throws {
        scratch = try LogScratch()
        project = try #require(ProjectName("shop"))
        receiver = try FileDescriptor.open(scratch.directory, [.path, .directory]).listenForDatagrams(at: "socket")
    }

    private var socket: String { "\(scratch.directory)/socket" }

    private func messages() throws -> [String] {
        var found: [String] = []
        while let message = try receiver.receiveDatagram(upTo: 65536) {
            found.append(String(decoding: message.bytes, as: UTF8.self))
        }
        return found
    }

    private func write(_ text: String, _ stream: LogStream, to destination: MessageDestination) throws {
        try Array(text.utf8).withBytes { (bytes) throws(SystemError) in
            var bytes = bytes
            try destination.write(&bytes, from: stream, at: WallTime(nanosecondsSinceEpoch: 1_500_000_000))
        }
    }

    @Test func theJournalGetsAMessageALine() throws {
        let sender = try JournalSender(
            LogSource(scratch.instance), of: project, tag: "{{.Project}}/{{.Name}}", socket: socket)
        let destination = MessageDestination(sender)
        try write("one\ntw", .standardOutput, to: destination)
        try write("o\n", .standardOutput, to: destination)
        try write("trouble", .standardError, to: destination)
        try destination.endLine(of: .standardError, at: .now)
        let found = try messages()
        #expect(found.count == 3)
        #expect(found.map { $0.suffix(4) }.prefix(2) == ["one\n", "two\n"])
        for field in [
            "CONTAINER_NAME=web-1\n", "CONTAINER_TAG=shop/web-1\n", "SYSLOG_IDENTIFIER=shop/web-1\n",
            "GOCKER_PROJECT=shop\n", "GOCKER_SERVICE=web\n", "GOCKER_STREAM=stdout\n", "PRIORITY=6\n",
            "GOCKER_SEQUENCE=1\nMESSAGE\n\u{3}\0\0\0\0\0\0\0one\n",
        ] {
            #expect(found.first?.contains(field) == true, "\(field)")
        }
        #expect(found.last?.contains("PRIORITY=3\n") == true)
        #expect(found.last?.hasSuffix("trouble\n") == true)
    }

    @Test func aLongLineGoesToTheJournalInParts() throws {
        let destination = MessageDestination(
            try JournalSender(LogSource(scratch.instance), of: project, tag: nil, socket: socket))
        try write(String(repeating: "x", count: 20_000) + "\nshort\n", .standardOutput, to: destination)
        let found = try messages()
        #expect(found.map { $0.contains("CONTAINER_PARTIAL_MESSAGE=true\n") } == [true, false, false])
        #expect(found[0].filter { $0 == "x" }.count == LineCutter.longestPart)
    }

    @Test(arguments: [
        (SyslogOptions.Format.rfc3164, #"^<30>Jan  1 [0-9:]{8} web-1\[[0-9]+\]: hello$"#),
        (.rfc5424(isPrecise: false), #"^<30>1 1970-01-01T00:00:01Z [^ ]+ web-1 [0-9]+ web-1 - hello$"#),
        (.rfc5424(isPrecise: true), #"^<30>1 1970-01-01T00:00:01.500000Z [^ ]+ web-1 [0-9]+ web-1 - hello$"#),
    ])
    func aSystemLogGetsItsForm(format: SyslogOptions.Format, pattern: String) throws {
        let options = SyslogOptions(address: .unix(socket), format: format, facility: 3, tag: nil)
        let destination = MessageDestination(try SyslogSender(LogSource(scratch.instance), of: project, options))
        try write("hello\n", .standardOutput, to: destination)
        let found = try #require(try messages().first)
        #expect(try RegularExpression(pattern).matches(found.utf8), "\(found)")
    }

    @Test func whatNobodyTakesIsCountedAndToldLater() throws {
        let options = SyslogOptions(address: .unix(socket), format: .rfc3164, facility: 3, tag: nil)
        let logging = Logging(driver: .syslog(options), mode: .blocking)
        let writer = LogWriter(
            LogSource(scratch.instance), of: project, logging, directory: scratch.directory, compressor: nil,
            complain: { _ in })
        // Nobody reads: the socket is full soon.
        for number in 1...2000 { writer.append("line \(number)\n") }
        let first = try messages()
        #expect(first.count < 2000)
        writer.append("after\n")
        let rest = try messages()
        #expect(rest.count == 2)
        #expect(rest.first?.contains("\(2000 - first.count) lines were not kept: they could not be written") == true)
        #expect(rest.last?.hasSuffix(": after") == true)
    }
}
