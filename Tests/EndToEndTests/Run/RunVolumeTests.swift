import Linux
import Testing

@Suite("The volumes of gocker run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunVolumeTests {
    private let directory: TemporaryDirectory
    private let rootfs: String

    init() throws {
        directory = try TemporaryDirectory()
        rootfs = try directory.makeRootfs()
        try directory.write("shared/file", "shared\n")
        try directory.write("outside/secret", "secret\n")
    }

    private func run(_ options: [String], _ script: String) throws -> Program.Outcome {
        try Program.gocker.run(["run", "--rootfs", rootfs] + options + ["sh", "-c", script])
    }

    @Test func areDirectoriesAndFilesOfTheHost() throws {
        let outcome = try run(
            ["-v", "\(directory.path)/shared:/deep/data", "--volume=\(directory.path)/shared/file:/etc/new"],
            "cat /deep/data/file /etc/new; echo changed > /etc/new; echo made > /deep/data/made")
        #expect(outcome.lines == ["shared", "shared"])
        #expect(try readText("\(directory.path)/shared/file") == "changed\n")
        #expect(try readText("\(directory.path)/shared/made") == "made\n")
    }

    @Test func canBeReadOnly() throws {
        let outcome = try run(
            ["-v", "\(directory.path)/shared:/data:ro"],
            "cat /data/file; : > /data/file; mount -o remount,rw,bind /data")
        #expect(outcome.output == "shared\n")
        #expect(outcome.errors.contains("Read-only file system"))
        #expect(outcome.exitCode != 0)
        #expect(try readText("\(directory.path)/shared/file") == "shared\n")
    }

    @Test func areMountedOuterBeforeInner() throws {
        try makeDirectory("\(directory.path)/shared/inner")
        let outcome = try run(
            ["-v", "\(directory.path)/outside:/data/inner", "-v", "\(directory.path)/shared:/data"],
            "cat /data/file /data/inner/secret")
        #expect(outcome.lines == ["shared", "secret"])
    }

    @Test func thatAreMissingOnTheHostAreAnError() throws {
        let outcome = try run(["-v", "\(directory.path)/absent:/data"], "echo ran")
        #expect(outcome.exitCode == 125)
        #expect(
            outcome.errors == "gocker: --volume \(directory.path)/absent: no such file or directory on the host\n")
        #expect(try !directoryEntries(directory.path).contains("absent"))
    }

    @Test(arguments: ["/", "//", "/.", "/..", "/etc/..", "/link-to-root"])
    func areNotMountedOverTheRoot(target: String) throws {
        try FileDescriptor.open(rootfs, [.path, .directory]).makeSymbolicLink("link-to-root", to: "../..")
        let outcome = try run(["-v", "\(directory.path)/shared:\(target)"], "echo ran")
        #expect(outcome.exitCode == 125)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains("root"))
    }

    @Test(arguments: ["a:b", "/a", ":/b", "/a:/b:rx", "/a:/b:ro:z", ""])
    func areRefusedInAnyOtherForm(text: String) throws {
        let outcome = try run(["-v", text], "echo ran")
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors.contains("--volume \"\(text)\": expected SRC:DST or SRC:DST:ro, DST being absolute"))
    }

    @Test(arguments: ["/etc", "../../../../../etc", "/home/../../../etc"])
    func followALinkOfTheRootFileSystemInside(link: String) throws {
        try FileDescriptor.open(rootfs, [.path, .directory]).makeSymbolicLink("data", to: link)
        let outcome = try run(["-v", "\(directory.path)/shared:/data"], "ls /etc; readlink /data")
        #expect(outcome.lines == ["file", link])
    }

    @Test(arguments: ["shared", "shared/file"])
    func makeNothingOutsideThroughALink(source: String) throws {
        try FileDescriptor.open(rootfs, [.path, .directory]).makeSymbolicLink("out", to: "\(directory.path)/outside")
        for target in ["/out/made", "/out/deep/made"] {
            let outcome = try run(["-v", "\(directory.path)/\(source):\(target)"], "echo ran")
            #expect(outcome.exitCode == 125)
        }
        #expect(try directoryEntries("\(directory.path)/outside") == ["secret"])
    }
}
