import Linux
import Testing

struct BytesTests {
    @Test func lineFeedsAreCountedWhereverTheyAre() {
        for count in [0, 1, 7, 8, 9, 63, 64, 65, 2047, 2048, 2049, 5000, 9000] {
            for step in [1, 2, 3, 8, 13, 300] {
                let bytes = (0..<count).map { $0 % step == step - 1 ? UInt8(10) : UInt8(truncatingIfNeeded: $0 | 0x80) }
                let expected = bytes.count { $0 == 10 }
                #expect(bytes.withUnsafeBytes { $0.lineFeedCount } == expected)
                // And where they do not begin at the begin of a word.
                #expect(
                    bytes.dropFirst().withUnsafeBytes { $0.lineFeedCount } == expected - (bytes.first == 10 ? 1 : 0))
            }
        }
        #expect([UInt8](repeating: 10, count: 100_000).withUnsafeBytes { $0.lineFeedCount } == 100_000)
        // Neighbours of a line feed in value are none.
        #expect([UInt8](repeating: 11, count: 4096).withUnsafeBytes { $0.lineFeedCount } == 0)
        #expect((0...255).map { UInt8($0) }.withUnsafeBytes { $0.lineFeedCount } == 1)
    }

    @Test func bytesAreFoundFromBothEnds() {
        let bytes = Array("one\ntwo\nthree".utf8)
        bytes.withUnsafeBytes { bytes in
            #expect(bytes.firstOffset(of: 10) == 3)
            #expect(bytes.firstOffset(of: 10, from: 4) == 7)
            #expect(bytes.firstOffset(of: 10, from: 8) == nil)
            #expect(bytes.firstOffset(of: 10, from: 13) == nil)
            #expect(bytes.lastOffset(of: 10, before: 13) == 7)
            #expect(bytes.lastOffset(of: 10, before: 7) == 3)
            #expect(bytes.lastOffset(of: 10, before: 3) == nil)
        }
    }

    @Test func aPatternLooksAtBytes() throws {
        func matches(_ pattern: String, _ text: [UInt8]) throws -> Bool {
            let pattern = try RegularExpression(pattern)
            return text.withUnsafeBytes { pattern.matches($0) }
        }
        #expect(try matches("^GET .*(404|500)$", Array("GET /x 404".utf8)))
        #expect(try !matches("^GET .*(404|500)$", Array("GET /x 200".utf8)))
        #expect(try matches("end$", [0, 255] + Array("end".utf8)))
        #expect(try matches("^$", []))
        #expect(throws: RegularExpression.Failure.self) { try RegularExpression("(") }
    }

    @Test func aWatchTellsWhichFilesHaveChanged() throws {
        let scratch = try Scratch()
        let watch = try DirectoryWatch(scratch.path)
        #expect(try watch.changes().names.isEmpty)
        try scratch.write("one", "1")
        try scratch.write("two", "2")
        try renameFile("\(scratch.path)/two", to: "\(scratch.path)/three")
        let changes = try watch.changes()
        #expect(changes.names.isSuperset(of: ["one", "three"]))
        #expect(!changes.isIncomplete)
        #expect(try watch.changes().names.isEmpty)
    }
}
