import Linux
import Testing

@Suite("gocker rootfs", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RootfsCommandTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func createMakesWhatRunRuns() throws {
        let path = "\(directory.path)/new"
        let created = try Program.gocker.run("rootfs", "create", path)
        #expect(created.exitCode == 0)
        #expect(created.output == "")
        #expect(created.errors == "\(path) is ready; try: gocker run --rootfs \(path) /bin/sh\n")
        #expect(try Program.gocker.run("run", "--rootfs", path, "echo", "works").output == "works\n")
    }

    @Test func createWorksInABuildOfDockers() throws {
        let path = "\(directory.path)/new"
        let created = try withoutClone3 { try Program.gocker.run("rootfs", "create", path) }
        #expect(created.exitCode == 0, "\(created.errors)")
        #expect(
            try withoutClone3 { try Program.gocker.run("run", "--rootfs", path, "true") }.errors.contains("clone: "))
    }

    @Test func createLeavesWhatIsThereAlone() throws {
        try directory.write("taken/file", "text")
        let outcome = try Program.gocker.run("rootfs", "create", "\(directory.path)/taken")
        #expect(outcome.exitCode == 125)
        #expect(
            outcome.errors
                == "gocker: create a root file system: \(directory.path)/taken exists and is not empty\n")
        #expect(try directoryEntries("\(directory.path)/taken") == ["file"])
    }

    @Test func importTakesAFileOrStandardInput() throws {
        let tar = "tar -C \"$ROOTFS\" -cf - ."
        let environment = ["DIRECTORY=\(directory.path)"]
        let script =
            "\(tar) | gzip | \"$GOCKER\" rootfs import - \"$DIRECTORY/piped\"; \(tar) > \"$DIRECTORY/a.tar\"; "
            + "\"$GOCKER\" rootfs import \"$DIRECTORY/a.tar\" \"$DIRECTORY/read\""
        let outcome = try Program.gocker.onHost(script, environment: environment)
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors.contains("\(directory.path)/piped is ready: "))
        for name in ["piped", "read"] {
            let run = try Program.gocker.run("run", "--rootfs", "\(directory.path)/\(name)", "echo", "works")
            #expect(run.output == "works\n")
        }
    }

    @Test func importMakesNothingOfWhatIsNoArchive() throws {
        let file = try directory.write("text", String(repeating: "no archive\n", count: 100))
        let outcome = try Program.gocker.run("rootfs", "import", file, "\(directory.path)/new")
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors.hasPrefix("gocker: import \(file): "))
        let missing = try Program.gocker.run("rootfs", "import", "/nonexistent", "\(directory.path)/new")
        #expect(missing.errors == "gocker: import /nonexistent: open: No such file or directory\n")
        #expect(try directoryEntries(directory.path) == ["text"])
    }

    @Test(arguments: [
        ([], "rootfs: expected create or import"),
        (["frob"], "rootfs: unknown command \"frob\": expected create or import"),
        (["create"], "rootfs create: expected one directory, e.g. gocker rootfs create rootfs"),
        (["create", "--force"], "rootfs create: expected one directory, e.g. gocker rootfs create rootfs"),
        (["import", "a"], "rootfs import: expected an archive (or -) and a directory"),
    ])
    func saysWhatItDoesNotUnderstand(words: [String], message: String) throws {
        let outcome = try Program.gocker.run(["rootfs"] + words)
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors == "gocker: \(message)\nSee \"gocker --help\".\n")
    }
}
