import Linux
import Testing

@testable import Compose

private let drivers: [Logging.Driver] = [.local(.standard), .jsonFile(.unbounded)]

struct LogWriterTests {
    @Test(arguments: drivers)
    func linesAreNumberedWhereverTheReadsEnd(driver: Logging.Driver) throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(driver)
        writer.append("he")
        writer.append("llo\n\nwor")
        writer.append("oops\n", .standardError)
        writer.append("ld\n")
        #expect(try scratch.lines() == ["1 hello", "2 ", "3 oops", "4 world"])
    }

    @Test(arguments: drivers)
    func theNumbersAndAnOpenLineGoOnUnderTheNextSupervisor(driver: Logging.Driver) throws {
        let scratch = try LogScratch()
        try scratch.writer(driver).append("one\ntwo\nthr")
        let writer = try scratch.writer(driver)
        writer.append("ee\nfour\n")
        #expect(try scratch.lines() == ["1 one", "2 two", "3 three", "4 four"])
    }

    @Test(arguments: drivers)
    func anotherRunDoesNotGoOnWithTheOpenLineOfTheOneBefore(driver: Logging.Driver) throws {
        let scratch = try LogScratch()
        try scratch.writer(driver).append("begun")
        let writer = try scratch.writer(driver)
        writer.endRun()
        writer.append("anew\n")
        #expect(try scratch.lines() == ["1 begun", "2 anew"])
    }

    @Test func anyBytesComeBackAsTheyWere() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer()
        var random = SplitMix(state: 7)
        let all = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        var rest = all[...]
        while !rest.isEmpty {
            let count = min(rest.count, Int.random(in: 1...5000, using: &random))
            writer.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        writer.endRun()
        var found: [UInt8] = []
        var numbers: [UInt64] = []
        let reader = scratch.reader()
        while try reader.advance() {
            reader.takePending { line in
                found += Array(line.text) + [10]
                numbers.append(line.number)
            } lost: { _ in
                Issue.record("lines are missing")
            }
        }
        #expect(found.dropLast(all.last == 10 ? 0 : 1).elementsEqual(all))
        #expect(numbers == Array(1...UInt64(numbers.count)))
    }

    @Test func aLineLongerThanAnyBufferIsOneLine() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(.local(LogRotation(maxSize: .kibibytes(256), maxFiles: 1000, compress: false)))
        let piece = [UInt8](repeating: 120, count: 100_000)
        for _ in 0..<30 { writer.append(piece) }
        writer.append("\nshort\n")
        var sizes: [Int] = []
        let reader = scratch.reader()
        while try reader.advance() {
            reader.takePending {
                sizes.append($0.text.count)
            } lost: { _ in
            }
        }
        #expect(sizes == [3_000_000, 5])
        #expect(try directoryEntries(scratch.directory).count > 5)
    }

    @Test(arguments: drivers)
    func aLineIsKeptWholeOrCountedAsMissing(driver: Logging.Driver) throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(driver)
        writer.append("one\ntw")
        for dropped in ["o\nthree\nfo", "u"] {
            Array(dropped.utf8).withUnsafeBytes { writer.drop($0, from: .standardOutput) }
        }
        writer.append("r\nfive\n")
        writer.append("six\n", .standardError)
        #expect(try scratch.lines() == ["1 one", "2 -3", "5 five", "6 six"])
    }

    @Test func whatCannotBeWrittenIsCounted() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer()
        // A directory in the file's place: it cannot be opened.
        try makeDirectory(scratch.current())
        writer.append("one\ntwo\n")
        try removeDirectory(scratch.current())
        writer.append("three\n")
        #expect(try scratch.lines() == ["1 -2", "3 three"])
    }

    @Test func theDriverNoneKeepsNothing() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(.none)
        writer.append("one\n")
        writer.endRun()
        #expect(try directoryEntries(scratch.directory).isEmpty)
    }

    @Test func aServiceThatPrintsNothingHasNoFile() throws {
        let scratch = try LogScratch()
        try scratch.writer().endRun()
        #expect(try directoryEntries(scratch.directory).isEmpty)
    }

    @Test func theNumbersGoOnWhereTheDriverIsAnotherOne() throws {
        let scratch = try LogScratch()
        try scratch.writer(.local(.standard)).append("one\n")
        try scratch.writer(.jsonFile(.unbounded)).append("two\n")
        try scratch.writer(.local(.standard)).append("three\n")
        #expect(try scratch.lines() == ["1 one", "2 two", "3 three"])
    }
}

struct LogRotationTests {
    private func fill(_ writer: LogWriter, _ lines: ClosedRange<Int>) {
        for number in lines { writer.append("line \(number) \(String(repeating: "x", count: 80))\n") }
    }

    @Test(arguments: [LogFileName.Kind.local, .json])
    func filesAreSetAsideAndOnlySoManyAreKept(kind: LogFileName.Kind) throws {
        let scratch = try LogScratch()
        let rotation = LogRotation(maxSize: .kibibytes(8), maxFiles: 3, compress: false)
        let writer = try scratch.writer(kind == .local ? .local(rotation) : .jsonFile(rotation))
        fill(writer, 1...500)
        let names = try directoryEntries(scratch.directory).compactMap { LogFileName($0) }
        #expect(names.count == 3)
        #expect(names.filter { $0.generation == nil }.count == 1)
        for name in names {
            #expect(try FileStatus.of("\(scratch.directory)/\(name.text)").size <= 8192 + 400)
        }
        let lines = try scratch.lines()
        #expect(lines.last?.hasPrefix("500 line 500 ") == true)
        // What is kept is the end, without a gap.
        let first = try #require(lines.first.flatMap { Int($0.prefix { $0 != " " }) })
        #expect(lines.count == 500 - first + 1)
        #expect(lines.count > 100)
    }

    @Test func oneReadIsSplitOverAsManyFilesAsItTakes() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(.local(LogRotation(maxSize: .kibibytes(2), maxFiles: 100, compress: false)))
        writer.append((1...300).map { "line \($0)\n" }.joined())
        #expect(try scratch.lines() == (1...300).map { "\($0) line \($0)" })
        for name in try directoryEntries(scratch.directory) {
            #expect(try FileStatus.of("\(scratch.directory)/\(name)").size <= 2048)
        }
    }

    @Test func aReaderFollowsOverEveryFile() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(.local(LogRotation(maxSize: .kibibytes(4), maxFiles: 50, compress: false)))
        let reader = scratch.reader()
        var found: [String] = []
        for batch in 0..<40 {
            fill(writer, (batch * 25 + 1)...(batch * 25 + 25))
            if batch % 3 == 0 { found += try reader.rest() }
            if batch == 20 { CompressionProcess.compressAll(in: scratch.directory, of: ["web-1"]) }
        }
        found += try reader.rest()
        #expect(found.count == 1000)
        #expect(found.enumerated().allSatisfy { $1.hasPrefix("\($0 + 1) line \($0 + 1) ") })
    }

    @Test func whatWasRemovedBeforeItWasReadIsTold() throws {
        let scratch = try LogScratch()
        let writer = try scratch.writer(.local(LogRotation(maxSize: .kibibytes(4), maxFiles: 2, compress: false)))
        let reader = scratch.reader()
        fill(writer, 1...10)
        #expect(try reader.rest().count == 10)
        fill(writer, 11...500)
        let found = try reader.rest()
        let missing = try #require(found.first { $0.contains(" -") })
        let count = try #require(Int(missing.split(separator: "-")[1]))
        #expect(found.count - 1 + count == 490)
    }

    @Test func compressedFilesAreReadLikeOthers() throws {
        let scratch = try LogScratch()
        let rotation = LogRotation(maxSize: .kibibytes(4), maxFiles: 50, compress: true)
        let writer = try scratch.writer(.local(rotation))
        fill(writer, 1...200)
        let before = try scratch.lines()
        CompressionProcess.compressAll(in: scratch.directory, of: ["other-1"])
        #expect(try LogFileName.setAside(in: scratch.directory).allSatisfy { !$0.isCompressed })
        CompressionProcess.compressAll(in: scratch.directory, of: ["web-1"])
        let names = try LogFileName.setAside(in: scratch.directory)
        #expect(names.count > 3)
        #expect(names.filter { !$0.isCompressed }.isEmpty)
        #expect(try scratch.lines() == before)
    }

    @Test func aSupervisorKilledBetweenTwoRenamesLosesNothing() throws {
        let scratch = try LogScratch()
        let rotation = LogRotation(maxSize: .kibibytes(4), maxFiles: 50, compress: false)
        fill(try scratch.writer(.local(rotation)), 1...100)
        // The file being written has got its last name, and the one that follows not yet its first.
        let end = try LogFiles("web-1", in: scratch.directory, .local, rotation, compressor: nil).end
        let file = try #require(try LocalLogFile(continuing: scratch.current()))
        _ = try LocalLogFile(creating: scratch.current() + ".new", generation: file.generation + 1, after: end)
        let aside = LogFileName("web-1", .local, generation: file.generation)
        try renameFile(scratch.current(), to: "\(scratch.directory)/\(aside.text)")
        #expect(try scratch.lines().count == 100)
        fill(try scratch.writer(.local(rotation)), 101...150)
        let lines = try scratch.lines()
        #expect(lines.enumerated().allSatisfy { $1.hasPrefix("\($0 + 1) line \($0 + 1) ") })
        #expect(lines.count == 150)
    }
}
