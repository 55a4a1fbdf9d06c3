import Linux
import Testing

@testable import Compose

private let rotations = [
    LogRotation(maxSize: .mebibytes(20), maxFiles: 5, compress: false),
    LogRotation(maxSize: .kibibytes(2), maxFiles: 1000, compress: false),
]

struct LogTailTests {
    private func tail(
        _ scratch: LogScratch, _ count: Int, where isWanted: @escaping (String) -> Bool = { _ in true }
    ) throws -> [String] {
        let reader = scratch.reader()
        try reader.start(last: count, since: nil) { isWanted(String(decoding: $0.text, as: UTF8.self)) }
        return try reader.rest().filter { isWanted(String($0.split(separator: " ", maxSplits: 1)[1])) }
    }

    @Test(arguments: rotations, [true, false])
    func theLastLinesAreTheLastLines(rotation: LogRotation, isLocal: Bool) throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(isLocal ? .local(rotation) : .jsonFile(rotation))
        // In pieces that end anywhere, on both outputs.
        var random = SplitMix(state: 3)
        for stream in LogStream.allCases { writer.append("begin of ", stream) }
        var rest = (1...700).map { "line \($0)\n" }.joined()[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...40, using: &random))
            writer.append(String(piece))
            rest = rest.dropFirst(piece.count)
        }
        writer.append("trouble\n", .standardError)
        let all = try scratch.lines()
        #expect(all.count == 701)
        for count in [0, 1, 2, 3, 10, 100, 699, 700, 701, 5000] {
            #expect(try tail(scratch, count) == Array(all.suffix(count)))
        }
        let nines = all.filter { $0.hasSuffix("9") }
        for count in [1, 5, 70, 100] {
            #expect(try tail(scratch, count) { $0.hasSuffix("9") } == Array(nines.suffix(count)))
        }
    }

    @Test func aTailReadsFromTheEnd() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer()
        for number in 1...1000 { writer.append("line \(number)\n") }
        let file = try #require(try LogFileReader(try FileDescriptor.open(scratch.current()), .local))
        #expect(try file.seekBack(lines: 10).lines == 10)
        #expect(try FileStatus.of(scratch.current()).size - file.offset < 10 * 100)
    }

    @Test func aLineWhoseBeginWasRemovedIsLeftOut() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(.local(LogRotation(maxSize: .kibibytes(4), maxFiles: 2, compress: false)))
        for _ in 0..<10 { writer.append([UInt8](repeating: 120, count: 3000)) }
        writer.append("end of it\nnext\n")
        #expect(try scratch.lines() == ["2 next"])
    }

    @Test func sinceAndUntilLookAtTimes() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(.local(LogRotation(maxSize: .kibibytes(1), maxFiles: 100, compress: false)))
        for number in 1...100 { writer.append("line \(number)\n", at: WallTime(nanosecondsSinceEpoch: Int64(number))) }
        var query = LogQuery()
        query.since = WallTime(nanosecondsSinceEpoch: 40)
        query.until = WallTime(nanosecondsSinceEpoch: 42)
        let reader = scratch.reader()
        _ = try reader.start(lines: nil, since: query.since)
        var found: [UInt64] = []
        while try reader.advance() {
            reader.takePending {
                if query.wants($0) { found.append($0.number) }
            } lost: { _ in
            }
        }
        #expect(found == [40, 41, 42])
    }
}

struct LineTests {
    @Test func aCutterPassesPartsOfWhatIsTooLong() {
        var cutter = LineCutter()
        var parts: [(Int, Bool)] = []
        func take(_ text: [UInt8]) {
            text.withUnsafeBytes { cutter.take($0) { line, goesOn in parts.append((line.count, goesOn)) } }
        }
        take(Array("ab".utf8))
        take(Array("c\n\n".utf8))
        take([UInt8](repeating: 120, count: 40_000))
        take([10, 121])
        cutter.finish { line, goesOn in parts.append((line.count, goesOn)) }
        #expect(parts.map(\.0) == [3, 0, 16384, 16384, 40_000 - 32768, 1])
        #expect(parts.map(\.1) == [false, false, true, true, false, false])
    }

    @Test func timesAreReadAsPeopleWriteThem() throws {
        let now = WallTime(nanosecondsSinceEpoch: 1_000_000_000_000)
        func parse(_ text: String) -> Int64? { TimeText.parse(text, now: now)?.nanosecondsSinceEpoch }
        #expect(parse("1970-01-01T00:00:01Z") == 1_000_000_000)
        #expect(parse("1970-01-01T01:00:01.25+01:00") == 1_250_000_000)
        #expect(parse("1970-01-01 00:00:00.000000001Z") == 1)
        #expect(parse("1969-12-31T19:00-05:00") == 0)
        #expect(parse("12") == 12_000_000_000)
        #expect(parse("12.5") == 12_500_000_000)
        #expect(parse("10m") == 400_000_000_000)
        #expect(parse("1m30s") == 910_000_000_000)
        #expect(try #require(WallTime(calendar: "2026-11-23")) < #require(WallTime(calendar: "2026-11-23T00:01")))
        for text in [
            "", "yesterday", "2026-02-30", "2026-11-23T", "2026-11-23T10", "2026-11-23T10:00X", "1.", "5x", "1.x",
        ] {
            #expect(parse(text) == nil, "\(text)")
        }
    }
}
