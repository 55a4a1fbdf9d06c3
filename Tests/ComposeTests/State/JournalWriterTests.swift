import Linux
import Testing

@testable import Compose

/// The journal on a disk that is small enough to be full.
@Suite(.enabled(if: effectiveUserID == 0, "mounting needs root"))
struct JournalWriterTests {
    private static let origin = JournalRecord.origin(StackState.Origin(directory: "/", files: []), bootID: "b")

    /// A file system that nobody else sees: it is mounted nowhere and gone with its descriptor.
    private static func disk(_ size: String) throws -> FileDescriptor {
        try DetachedMount(fileSystem: "tmpfs", options: "size=\(size)", flags: []).intoDescriptor()
    }

    private static func runs(in path: String) throws -> [Int] {
        JournalReader.read(try readFile(path)).state?.instances.map(\.runs) ?? []
    }

    @Test func whatIsAddedIsReadAgain() throws {
        let disk = try Self.disk("1m")
        let path = "/proc/self/fd/\(disk.number)/journal"
        var writer = JournalWriter(path)
        let before = [writer.isBehind, writer.isLong]
        writer.rewrite([Self.origin])
        let after = [writer.isBehind, writer.isLong]
        #expect(before == [true, false] && after == [false, false])
        for runs in 1...5 {
            writer.append([.instance(try JournalTests.record("web", 1, runs: runs))])
            #expect(try Self.runs(in: path) == [runs])
        }
        #expect(try directoryEntries("/proc/self/fd/\(disk.number)") == ["journal"])
    }

    @Test func itIsWrittenAnewBeforeItGrowsWithoutEnd() throws {
        let disk = try Self.disk("8m")
        let path = "/proc/self/fd/\(disk.number)/journal"
        var writer = JournalWriter(path)
        writer.rewrite([Self.origin])
        var rewrites = 0
        for runs in 1...5000 {
            let record = JournalRecord.instance(try JournalTests.record("web", 1, runs: runs))
            if writer.isLong {
                writer.rewrite([Self.origin, record])
                rewrites += 1
            } else {
                writer.append([record])
            }
        }
        #expect((1...20).contains(rewrites))
        #expect(try FileStatus.of(path).size < 300 << 10)
        #expect(try Self.runs(in: path) == [5000])
    }

    /// On a full disk what was written stays readable, and everything is there again once there is room.
    @Test func aFullDiskTakesNothingAway() throws {
        let disk = try Self.disk("64k")
        let directory = "/proc/self/fd/\(disk.number)"
        let path = "\(directory)/journal"
        let hog = try FileDescriptor.open("\(directory)/hog", [.write, .create], mode: 0o600)
        try hog.writeAll([UInt8](repeating: 1, count: 32 << 10))
        var writer = JournalWriter(path)
        writer.rewrite([Self.origin])
        var last = 0
        for runs in 1...1000 where !writer.isBehind {
            writer.append([.instance(try JournalTests.record("web", 1, runs: runs))])
            if !writer.isBehind { last = runs }
            #expect(try Self.runs(in: path) == [last])
        }
        var isBehind = writer.isBehind
        #expect(isBehind && last > 0)
        // Neither is there room for a new one beside it.
        writer.rewrite([Self.origin, .instance(try JournalTests.record("web", 1, runs: 2000))])
        isBehind = writer.isBehind
        #expect(isBehind)
        #expect(try Self.runs(in: path) == [last])
        #expect(try directoryEntries(directory).sorted() == ["hog", "journal"])
        try hog.setSize(0)
        writer.rewrite([Self.origin, .instance(try JournalTests.record("web", 1, runs: 2000))])
        isBehind = writer.isBehind
        #expect(!isBehind)
        writer.append([.instance(try JournalTests.record("web", 1, runs: 2001))])
        #expect(try Self.runs(in: path) == [2001])
    }

    // MARK: While it is written anew

    /// A process in place of the one that waits for the disk.
    private static func command(_ words: String...) -> JournalRewriting.Synchronizer {
        { _ throws(SystemError) in
            let nothing = try FileDescriptor.open("/dev/null", .readWrite)
            return try spawn(
                executable: try FileDescriptor.open("/bin/\(words[0])", .path), arguments: words,
                descriptors: [nothing.number, nothing.number, nothing.number])
        }
    }

    /// Adds records while a new journal is on its way to the disk, and looks at the old one after each.
    private func write(_ synchronizer: @escaping JournalRewriting.Synchronizer) throws -> (during: Int, names: [String])
    {
        let disk = try Self.disk("1m")
        let directory = "/proc/self/fd/\(disk.number)"
        let path = "\(directory)/journal"
        var writer = JournalWriter(path, synchronize: synchronizer)
        writer.rewrite([Self.origin])
        writer.append([.instance(try JournalTests.record("web", 1, runs: 1))])
        writer.beginRewriting([Self.origin, .instance(try JournalTests.record("web", 1, runs: 1))])
        var during = 0
        for runs in 2...200 {
            if try directoryEntries(directory).count == 2 { during += 1 }
            writer.append([.instance(try JournalTests.record("web", 1, runs: runs))])
            #expect(try Self.runs(in: path) == [runs])
            writer.childHasEnded()
            #expect(try Self.runs(in: path) == [runs])
            _ = try Poller().wait(timeout: .milliseconds(2))
        }
        let isBehind = writer.isBehind
        #expect(!isBehind)
        return (during, try directoryEntries(directory).sorted())
    }

    @Test func theOldOneCountsUntilTheNewOneIsOnTheDisk() throws {
        let (during, names) = try write(Self.command("sleep", "0.1"))
        #expect(during > 3 && names == ["journal"])
    }

    @Test func oneThatDoesNotGetToTheDiskIsForgotten() throws {
        #expect(try write(Self.command("false")).names == ["journal"])
        let none: JournalRewriting.Synchronizer = { _ throws(SystemError) in
            throw SystemError("spawn", "it", .wouldBlock)
        }
        #expect(try write(none) == (0, ["journal"]))
    }

    @Test func oneThatIsGivenUpLeavesNothing() throws {
        let disk = try Self.disk("1m")
        let directory = "/proc/self/fd/\(disk.number)"
        var writer = JournalWriter("\(directory)/journal", synchronize: Self.command("sleep", "0.2"))
        writer.rewrite([Self.origin])
        for runs in 1...3 {
            let record = JournalRecord.instance(try JournalTests.record("web", 1, runs: runs))
            writer.append([record])
            writer.beginRewriting([Self.origin, record])
        }
        writer.abandonRewriting()
        #expect(try directoryEntries(directory) == ["journal"])
        #expect(try Self.runs(in: "\(directory)/journal") == [3])
        _ = try Poller().wait(timeout: .milliseconds(500))
        writer.childHasEnded()
        #expect(try Self.runs(in: "\(directory)/journal") == [3])
    }
}
