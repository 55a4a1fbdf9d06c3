import Linux
import Testing

@Suite("A hostile root file system", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunHostileRootfsTests {
    private let directory: TemporaryDirectory
    private let rootfs: String

    init() throws {
        directory = try TemporaryDirectory()
        rootfs = try directory.makeRootfs()
        try makeDirectory("\(directory.path)/host")
        try directory.write("passwd", "evil:x:0:0::/:/bin/sh\n")
    }

    private func root() throws -> FileDescriptor {
        try FileDescriptor.open(rootfs, [.path, .directory])
    }

    private func run(_ options: String..., command: String = "echo ran") throws -> Program.Outcome {
        try Program.gocker.run(
            ["run", "--rootfs", rootfs] + options + ["sh", "-c", command], timeout: .seconds(20))
    }

    @Test(arguments: ["/proc", "/dev", "/sys"], [true, false])
    func cannotHaveALinkWhereAFileSystemBelongs(place: String, isAbsolute: Bool) throws {
        try removeTree(rootfs + place)
        let target = isAbsolute ? "\(directory.path)/host" : "tmp"
        try root().makeSymbolicLink(String(place.dropFirst()), to: target)
        let outcome = try run()
        #expect(outcome.exitCode == 125)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("gocker: mount on \(place), which must be mounted on ordinary directory"))
        #expect(try directoryEntries("\(directory.path)/host") == [])
        #expect(try directoryEntries("\(rootfs)/tmp") == [])
    }

    @Test(arguments: ["/proc", "/dev", "/sys"])
    func cannotHaveAFileWhereAFileSystemBelongs(place: String) throws {
        try removeTree(rootfs + place)
        try directory.write("rootfs\(place)", "file")
        let outcome = try run()
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors.contains("must be mounted on ordinary directory"))
    }

    @Test func mayLackTheDirectoriesThatAreNeeded() throws {
        for place in ["/proc", "/dev", "/sys"] { try removeTree(rootfs + place) }
        #expect(try run().output == "ran\n")
    }

    @Test func choosesNoUserThroughALinkToTheHost() throws {
        try removeFile("\(rootfs)/etc/passwd")
        try root().open("etc", [.path, .directory]).makeSymbolicLink("passwd", to: "\(directory.path)/passwd")
        let outcome = try run("-u", "evil")
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors == "gocker: no user \"evil\" in the container's /etc/passwd\n")
    }

    @Test func doesNotHangOnAFifo() throws {
        try removeFile("\(rootfs)/etc/passwd")
        try makeFIFO("\(rootfs)/etc/passwd", mode: 0o666)
        #expect(try run("-u", "nobody").errors == "gocker: no user \"nobody\" in the container's /etc/passwd\n")
        #expect(try run("-u", "5").output == "ran\n")
    }

    @Test func doesNotExhaustMemoryByAHugeFile() throws {
        try FileDescriptor.open("\(rootfs)/etc/passwd", .write).setSize(1 << 40)
        #expect(try run("-u", "nobody").exitCode == 125)
        #expect(try run().output == "ran\n")
    }

    @Test func makesNobodyRootByTheNumberThatMeansNoChange() throws {
        try directory.write("rootfs/etc/passwd", "evil:x:4294967295:4294967295::/:/bin/sh\n")
        let outcome = try run("-u", "evil", command: "id -u")
        #expect(outcome.exitCode == 125)
        #expect(outcome.output == "")
    }

    @Test func cannotMakeTheTerminalsConsoleAFileOfTheHost() throws {
        try removeTree("\(rootfs)/dev")
        try makeDirectory("\(rootfs)/dev")
        try root().open("dev", [.path, .directory]).makeSymbolicLink("console", to: "\(directory.path)/host/console")
        #expect(try run("-t").exitCode == 0)
        #expect(try directoryEntries("\(directory.path)/host") == [])
    }

    @Test func doesNotReachTheHostByItsWorkingDirectory() throws {
        try root().makeSymbolicLink("out", to: "\(directory.path)/host")
        let outcome = try run("-w", "/out/made", command: "pwd -P")
        #expect(try directoryEntries("\(directory.path)/host") == [])
        #expect(outcome.exitCode == 125 || outcome.output == "\(directory.path)/host/made\n")
    }
}
