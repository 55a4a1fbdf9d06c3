import Linux
import Testing

@testable import Compose

struct LogFormatTests {
    @Test func theChecksumIsXXH64() {
        func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
            Array(text.utf8).withUnsafeBytes { XXHash64.hash($0, seed: seed) }
        }
        #expect(hash("") == 0xEF46_DB37_51D8_E999)
        #expect(hash("a") == 0xD24E_C4F1_A98C_6E5B)
        #expect(hash("abc") == 0x44BC_2CF5_AD77_0999)
        #expect(hash("Nobody inspects the spammish repetition") == 0xFBCE_A83C_8A37_8BF1)
    }

    /// A file with three records, and its length after each of them.
    private func makeFile(_ scratch: LogScratch) throws -> (bytes: [UInt8], ends: [Int]) {
        let writer = try scratch.writer()
        var ends: [Int] = []
        for text in ["one\n", "two\nthree\n", "four\n"] {
            writer.append(text)
            ends.append(Int(try FileStatus.of(scratch.current()).size))
        }
        return (try readFile(scratch.current()), ends)
    }

    private func put(_ bytes: some Sequence<UInt8>, _ scratch: LogScratch) throws {
        try FileDescriptor.open(scratch.current(), [.write, .truncate]).writeAll(bytes)
    }

    private let all = ["1 one", "2 two", "3 three", "4 four"]

    @Test func aTornWriteIsCutWhereverItWasTorn() throws {
        let scratch = try LogScratch()
        let (bytes, ends) = try makeFile(scratch)
        let kept = [0, 1, 3, 4]
        for length in ends[0]..<bytes.count {
            try put(bytes[..<length], scratch)
            let whole = ends.filter { $0 <= length }.count
            #expect(try scratch.lines() == Array(all.prefix(kept[whole])))
            try scratch.writer().append("next\n")
            #expect(try scratch.lines() == all.prefix(kept[whole]) + ["\(kept[whole] + 1) next"])
        }
    }

    @Test func zerosAtTheEndAreATornWriteToo() throws {
        let scratch = try LogScratch()
        let (bytes, ends) = try makeFile(scratch)
        // As after a power cut: the size is there, the data is not.
        try put(bytes[..<ends[1]] + [UInt8](repeating: 0, count: 300), scratch)
        try scratch.writer().append("next\n")
        #expect(try scratch.lines() == ["1 one", "2 two", "3 three", "4 next"])
    }

    @Test func aReaderGoesOnBehindDamageAndSaysWhatIsMissing() throws {
        let scratch = try LogScratch()
        let (bytes, ends) = try makeFile(scratch)
        for position in ends[0]..<ends[1] {
            var damaged = bytes
            damaged[position] ^= 0x20
            try put(damaged, scratch)
            #expect(try scratch.lines() == ["1 one", "2 -2", "4 four"])
        }
    }

    @Test func whatAServicePrintsIsNeverTakenForARecord() throws {
        let scratch = try LogScratch()
        let (bytes, ends) = try makeFile(scratch)
        // A service that prints a log file, and a write of it that is torn right behind a record in it.
        let writer = try scratch.writer()
        writer.append(bytes + [10])
        let whole = try readFile(scratch.current())
        let torn = whole[..<(ends[2] + LocalFormat.recordHeaderSize + ends[1])]
        // Only the mark could make it one; that of another file is not known, and differs.
        var foreign = Array(torn)
        for start in (ends[2] + LocalFormat.recordHeaderSize)..<(foreign.count - 8)
        where foreign[start..<(start + 8)].elementsEqual(bytes[8..<16]) {
            foreign.replaceSubrange(start..<(start + 8), with: [1, 2, 3, 4, 5, 6, 7, 8])
        }
        try put(foreign, scratch)
        #expect(try scratch.lines() == all)
        try scratch.writer().append("next\n")
        #expect(try scratch.lines() == all + ["5 next"])
    }

    @Test func aFileThatIsNoneIsReplaced() throws {
        let scratch = try LogScratch()
        try FileDescriptor.open(scratch.current(), [.write, .create]).writeAll("something else\n".utf8)
        try scratch.writer().append("one\n")
        #expect(try scratch.lines() == ["1 one"])
    }

    @Test func aTornLineOfJSONIsCut() throws {
        let scratch = try LogScratch()
        try scratch.writer(.jsonFile(.unbounded)).append("one\ntwo\n")
        let bytes = try readFile(scratch.current(.json))
        let file = try FileDescriptor.open(scratch.current(.json), .write)
        try file.setSize(Int64(bytes.count - 5))
        try scratch.writer(.jsonFile(.unbounded)).append("again\n")
        #expect(try scratch.lines() == ["1 one", "2 again"])
    }

    @Test func jsonIsDockers() throws {
        let scratch = try LogScratch()
        let time = WallTime(nanosecondsSinceEpoch: 1_500_000_000)
        let writer = try scratch.writer(.jsonFile(.unbounded))
        writer.append(Array("a \"b\"\n\u{7}".utf8) + [0xFF], .standardError, at: time)
        let stamp = #""stream":"stderr","time":"1970-01-01T00:00:01.500000000Z""#
        #expect(
            try readText(scratch.current(.json)) == #"{"log":"a \"b\"\n",\#(stamp),"seq":1}"# + "\n"
                + #"{"log":"\u0007\#u{FFFD}",\#(stamp),"seq":2}"# + "\n")
    }

    @Test func namesSayWhatAFileIs() {
        #expect(LogFileName("web-1.log") == LogFileName("web-1", .local))
        #expect(LogFileName("a.b-12.json") == LogFileName("a.b-12", .json))
        let old = LogFileName("web-1", .local, generation: 7, isCompressed: true)
        #expect(old.text == "web-1.00000000000000000007.log.gz")
        #expect(LogFileName(old.text) == old)
        for text in ["web-1", "web-1.log.gz", ".log", "web-1.log.new", "web-1.00000000000000000007.log.gz.new"] {
            #expect(LogFileName(text) == nil, "\(text)")
        }
    }
}
