import Linux
import Testing

@testable import Compose

struct LogTests {
    @Test func linesAreCutWhereverTheReadsEnd() {
        var splitter = LineSplitter()
        #expect(splitter.take(Array("he".utf8)) == [])
        #expect(
            splitter.take(Array("llo\n\nwor".utf8)) == [
                .init(text: Array("hello".utf8), isComplete: true), .init(text: [], isComplete: true),
            ])
        #expect(splitter.finish() == .init(text: Array("wor".utf8), isComplete: true))
        #expect(splitter.finish() == nil)
    }

    @Test func aVeryLongLineComesInPartsThatMakeItUp() {
        var splitter = LineSplitter()
        let line = (0..<100_000).map { UInt8($0 % 251) }.filter { $0 != 10 }
        var pieces: [LineSplitter.Piece] = []
        for start in stride(from: 0, to: line.count, by: 5000) {
            pieces += splitter.take(Array(line[start..<min(start + 5000, line.count)]))
        }
        pieces += splitter.take([10])
        #expect(pieces.flatMap(\.text) == line)
        #expect(pieces.allSatisfy { $0.text.count <= LineSplitter.longestPiece + 5000 })
        #expect(pieces.filter(\.isComplete).count == 1)
        #expect(pieces.last?.isComplete == true)
    }

    @Test func recordsAreReadAsTheyWereWrittenWhateverTheBytes() throws {
        let line = LogLine(
            time: WallTime(nanosecondsSinceEpoch: 1_795_476_083_949_700_001), stream: .standardError, isComplete: false,
            text: [0, 255, 32, 128, 13])
        let record = line.record
        #expect(record.last == 10)
        #expect(LogLine(record: record.dropLast()) == line)
        #expect(LogLine(record: Array("half a rec".utf8)[...]) == nil)
    }

    @Test func prefixesHaveOneWidthAndColoursGoByName() {
        var plain = LogPrinter(instances: ["web-1", "db-1"], isColoured: false)
        let line = LogLine(
            time: WallTime(nanosecondsSinceEpoch: 0), stream: .standardOutput, isComplete: true, text: [104, 105])
        #expect(String(decoding: plain.format(line, of: "db-1"), as: UTF8.self) == "db-1   | hi\n")
        var coloured = LogPrinter(instances: ["web-1", "db-1"], isColoured: true)
        #expect(
            String(decoding: coloured.format(line, of: "web-1"), as: UTF8.self)
                == "\u{1B}[33mweb-1  | \u{1B}[0mhi\n")
    }
}
