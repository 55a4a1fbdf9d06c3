import Linux
import Testing

@Suite("The options of gocker run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunOptionTests {
    @Test func theRootIsTheOptionsElseTheVariablesElseTheDirectorys() throws {
        let directory = try TemporaryDirectory()
        let rootfs = try directory.makeRootfs()
        try directory.write("rootfs/here", "")
        let run = #"cd "$DIRECTORY"; exec "$GOCKER" run"#
        let environment = ["DIRECTORY=\(directory.path)"]
        let gocker = Program.gocker
        #expect(try gocker.onHost("\(run) ls /here", environment: environment).exitCode == 0)
        #expect(try gocker.onHost("cd /; \(run) --rootfs rootfs ls /here", environment: environment).exitCode == 0)
        let variable = try gocker.onHost(
            "\(run) ls /here", environment: environment + ["GOCKER_ROOTFS=\(TestFiles.rootfs)"])
        #expect(variable.exitCode == 1)
        let option = try gocker.onHost(
            #"\#(run) --rootfs "$DIRECTORY/rootfs" ls /here"#,
            environment: environment + ["GOCKER_ROOTFS=\(TestFiles.rootfs)"])
        #expect(option.exitCode == 0)
        let missing = try gocker.onHost("\(run) true", environment: environment + ["GOCKER_ROOTFS=/nowhere"])
        #expect(missing.exitCode == 125)
        #expect(
            missing.errors == "gocker: root file system /nowhere: not a directory (make one with: gocker rootfs create "
                + "/nowhere)\n")
        #expect(rootfs.hasPrefix(directory.path))
    }

    @Test func theEnvironmentIsTheStandardOneAndWhatIsAsked() throws {
        let outcome = try Program.gocker.run(
            [
                "run", "--rootfs", TestFiles.rootfs, "--name", "e2e-environment", "-e", "A=1", "--env", "B=x=y", "-e",
                "CALLER", "-eEMPTY=", "-e", "ABSENT", "-e", "A=2", "env",
            ], environment: ["CALLER=passed on", "SECRET=not passed on"])
        #expect(
            outcome.lines.sorted() == [
                "A=2", "B=x=y", "CALLER=passed on", "EMPTY=", "HOME=/root", "HOSTNAME=e2e-environment",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ])
        #expect(try Program.gocker.inside("-e", "HOME=/else", script: "echo $HOME").output == "/else\n")
        #expect(
            try Program.gocker.inside("-e", "=x", script: "").errors
                == "gocker: --env =x: expected NAME=value or NAME\n")
    }

    @Test func theWorkingDirectoryIsMadeWhereItIsMissing() throws {
        #expect(try Program.gocker.inside(script: "pwd").output == "/\n")
        let made = try Program.gocker.inside("--overlay", "-w", "/new/deep", script: "pwd; stat -c %a /new")
        #expect(made.lines == ["/new/deep", "755"])
        let file = try Program.gocker.inside("-w", "/etc/passwd", script: "pwd")
        #expect(file.exitCode == 125)
        #expect(file.errors == "gocker: chdir /etc/passwd: Not a directory\n")
    }

    @Test(arguments: [
        ("nobody", "65534:65534 65534"), ("0", "0:0 0"), ("1234", "1234:0 0"), ("1234:tty", "1234:5 5"),
        ("nobody:7", "65534:7 7"), ("root:nogroup", "0:65534 65534"),
    ])
    func theUserIsTheContainers(user: String, ids: String) throws {
        let outcome = try Program.gocker.inside("--user", user, script: "echo $(id -u):$(id -g) $(id -G)")
        #expect(outcome.output == "\(ids)\n")
    }

    @Test(arguments: [
        ("daemon", "no user \"daemon\" in the container's /etc/passwd"),
        ("nobody:staff", "no group \"staff\" in the container's /etc/group"),
    ])
    func aUserOfTheHostIsNone(user: String, message: String) throws {
        let outcome = try Program.gocker.inside("--user", user, script: "true")
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors == "gocker: \(message)\n")
    }

    @Test func aRootThatIsReadOnlyTakesNoChange() throws {
        let script = "touch /file; echo kept > /dev/shm/file && cat /dev/shm/file"
        let outcome = try Program.gocker.inside("--read-only", script: script)
        #expect(outcome.output == "kept\n")
        #expect(outcome.errors == "touch: /file: Read-only file system\n")
        let both = try Program.gocker.inside("--read-only", "--overlay", script: "touch /file")
        #expect(both.errors == outcome.errors)
    }

    @Test func changesToAnOverlayAreGoneAfterwards() throws {
        let directory = try TemporaryDirectory()
        let rootfs = try directory.makeRootfs()
        let before = try directoryEntries(rootfs).sorted()
        let script = "rm -r /etc; echo new > /new; cat /new; mkdir /dir; ls -d /etc"
        let outcome = try Program.gocker.run("run", "--rootfs", rootfs, "--overlay", "sh", "-c", script)
        #expect(outcome.output == "new\n")
        #expect(try directoryEntries(rootfs).sorted() == before)
        #expect(try readText("\(rootfs)/etc/passwd").hasPrefix("root:"))
        _ = try Program.gocker.run("run", "--rootfs", rootfs, "sh", "-c", "echo new > /new")
        #expect(try readText("\(rootfs)/new") == "new\n")
    }
}
