import Linux
import Testing

@Suite("Files")
struct FileTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test func areReplacedAsAWhole() throws {
        let file = try scratch.write("state", "a longer text than the next")
        let before = try FileStatus.of(file)
        try replaceFile(file, with: "next".utf8)
        #expect(try readText(file) == "next")
        #expect(try FileStatus.of(file).inode != before.inode)
        #expect(try FileStatus.of(file).mode == 0o600)
        #expect(try directoryEntries(scratch.path) == ["state"])
    }

    @Test func areNotReplacedThroughALinkAtTheTemporaryName() throws {
        let victim = try scratch.write("victim", "untouched")
        try scratch.link("state.new", to: victim)
        #expect(throws: SystemError.self) { try replaceFile("\(scratch.path)/state", with: "evil".utf8) }
        #expect(try readText(victim) == "untouched")
    }

    @Test func areNotReplacedWhereThatFailsAndLeaveNothing() throws {
        try makeDirectory("\(scratch.path)/full")
        try scratch.write("full/file", "")
        #expect(throws: SystemError.self) { try replaceFile("\(scratch.path)/full", with: "text".utf8) }
        #expect(try directoryEntries(scratch.path) == ["full"])
    }

    @Test func arePlacedWithNothingBesideThem() throws {
        let file = "\(scratch.path)/pid"
        for text in ["1", "22", ""] {
            try placeFile(file, with: text.utf8, mode: 0o640)
            #expect(try readText(file) == text)
            #expect(try FileStatus.of(file).mode == 0o640)
            #expect(try directoryEntries(scratch.path) == ["pid"])
        }
        let victim = try scratch.write("victim", "untouched")
        try removeFile(file)
        try scratch.link("pid", to: victim)
        try placeFile(file, with: "33".utf8)
        #expect(try readText(victim) == "untouched")
        #expect(try readText(file) == "33")
        let error = #expect(throws: SystemError.self) { try placeFile("\(scratch.path)/none/pid", with: []) }
        #expect(error == SystemError("write", "\(scratch.path)/none/pid", .noSuchFileOrDirectory))
    }

    @Test func areReadUpToALimit() throws {
        let file = try scratch.write("file", String(repeating: "x", count: 40_000))
        #expect(try readFile(file, limit: 40_000).count == 40_000)
        let error = #expect(throws: SystemError.self) { _ = try readFile(file, limit: 39_999) }
        #expect("\(error.map(String.init(describing:)) ?? "")" == "read \(file): File too large")
    }

    @Test func thatAreMissingAreNamedInTheError() {
        let error = #expect(throws: SystemError.self) { _ = try FileDescriptor.open("/nonexistent/file") }
        #expect(error == SystemError("open", "/nonexistent/file", .noSuchFileOrDirectory))
        #expect(error?.description == "open /nonexistent/file: No such file or directory")
    }

    @Test func areReadInPartsUntilTheEnd() throws {
        let pipe = try Pipe()
        try pipe.reader.setNonBlocking(true)
        #expect(try pipe.reader.read(upTo: 8) == .wouldBlock)
        try pipe.writer.writeAll("0123456789".utf8)
        #expect(try pipe.reader.read(upTo: 8) == .bytes(Array("01234567".utf8)))
        #expect(try pipe.reader.read(upTo: 8) == .bytes(Array("89".utf8)))
        let reader = pipe.keepingReader()
        #expect(try reader.read(upTo: 8) == .endOfFile)
    }

    @Test func thatEndTooEarlyAreAnError() throws {
        let file = try scratch.write("short", "abc")
        #expect(try FileDescriptor.open(file).readExactly(3) == Array("abc".utf8))
        let error = #expect(throws: SystemError.self) { _ = try FileDescriptor.open(file).readExactly(4) }
        #expect(error?.errno == .protocolError)
    }

    @Test func areLockedByOneOwnerAtATime() throws {
        let file = try scratch.write("lock", "")
        let first = try FileDescriptor.open(file)
        let second = try FileDescriptor.open(file)
        #expect(try first.tryLock())
        #expect(try !second.tryLock())
        try removeFile(file)
        _ = consume first
        #expect(try second.tryLock())
    }
}
