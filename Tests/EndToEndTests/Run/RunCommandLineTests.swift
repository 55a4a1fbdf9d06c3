import Linux
import Testing

@Suite("The command line of gocker", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunCommandLineTests {
    private let rootfs = TestFiles.rootfs

    @Test func saysWhoRunsAsWhichProcess() throws {
        let outcome = try Program.gocker.run("run", "--rootfs", rootfs, "--verbose", "/bin/sh", "-c", "exit 3")
        #expect(outcome.exitCode == 3)
        let lines = outcome.errors.split(separator: "\n").map(String.init).sorted()
        #expect(lines.count == 2)
        #expect(lines.first == "Running [/bin/sh -c exit 3] as 1")
        let number = lines.last.flatMap { line in line.split(separator: " ").last.flatMap { Int($0) } }
        #expect(lines.last == "Running [/bin/sh -c exit 3] as \(try #require(number))")
        #expect(number ?? 0 > 1)
    }

    @Test func showsWhatItWouldDoAndDoesNothing() throws {
        let before = try MachineTraces(cgroupPrefix: "gocker-e2e-dry")
        let outcome = try Program.gocker.run(
            "run", "--rootfs", rootfs, "--name", "e2e-dry", "--dry-run", "--network", "none", "-u", "5", "/bin/touch",
            "/evidence")
        #expect(outcome.exitCode == 0)
        #expect(outcome.lines.contains("bring up lo"))
        #expect(outcome.lines.contains("open root \(rootfs)"))
        #expect(outcome.lines.contains("become 5:0"))
        #expect(outcome.lines.last == "execute [/bin/touch /evidence]")
        #expect(try MachineTraces(cgroupPrefix: "gocker-e2e-dry") == before)
        #expect(try !directoryEntries(rootfs).contains("evidence"))
    }

    @Test func leavesTheCommandsOwnOptionsAlone() throws {
        let run = ["run", "--rootfs", rootfs]
        #expect(try Program.gocker.run(run + ["echo", "-n", "--verbose"]).output == "--verbose")
        #expect(try Program.gocker.run(run + ["--", "echo", "--", "-x"]).output == "-- -x\n")
        #expect(try Program.gocker.run(["run", "--rootfs=\(rootfs)", "--hostname=a=b", "hostname"]).output == "a=b\n")
        #expect(try Program.gocker.run(run + ["-w/tmp", "-eA=b", "sh", "-c", "echo $PWD $A"]).output == "/tmp b\n")
    }

    @Test(arguments: [
        (["--foo", "true"], "unknown option --foo"), (["-x", "true"], "unknown option -x"),
        (["-ix", "true"], "unknown option -x"), (["--rootfs"], "--rootfs needs a value"), (["-e"], "-e needs a value"),
        (["--read-only=yes", "true"], "--read-only takes no value"),
        ([], "run: no command to run, e.g. gocker run /bin/sh"),
        (["--"], "run: no command to run, e.g. gocker run /bin/sh"),
        (["-w", "rel", "true"], "--workdir \"rel\": expected an absolute path, as seen inside the container"),
        (["--network", "bridge", "true"], "--network \"bridge\": expected host or none"),
        (["--user", "", "true"], "--user \"\": expected NAME or UID, and :GROUP or :GID if wanted"),
        (
            ["--user", "4294967295", "true"],
            "--user \"4294967295\": expected NAME or UID, and :GROUP or :GID if wanted"
        ),
        (
            ["--name", "../x", "true"],
            "--name \"../x\": expected letters, digits and _ + - . only, not beginning with a dot"
        ),
        (
            ["--security-opt", "label=x", "true"],
            "--security-opt \"label=x\": "
                + "expected no-new-privileges=true|false, seccomp=unconfined or the path of a profile, or apparmor=profile"
        ),
    ])
    func saysWhatItDoesNotUnderstand(words: [String], message: String) throws {
        let outcome = try Program.gocker.run(["run"] + words)
        #expect(outcome.exitCode == 125)
        #expect(outcome.errors == "gocker: \(message)\nSee \"gocker --help\".\n")
        #expect(outcome.output == "")
    }

    @Test(
        .enabled(
            if: (try? readText("/sys/module/apparmor/parameters/enabled"))?.hasPrefix("Y") != true, "AppArmor is there")
    )
    func knowsThatNobodyIsConfinedHere() throws {
        let outcome = try Program.gocker.run("run", "--rootfs", rootfs, "--security-opt", "apparmor=x", "true")
        #expect(outcome.exitCode == 125)
        #expect(
            outcome.errors
                == "gocker: --security-opt apparmor=x: this machine does without AppArmor; leave it out\n")
    }

    @Test func helpsWhoAsks() throws {
        for words in [["--help"], ["-h"], ["help"], ["run", "--help"], ["run", "-h"], ["rootfs", "--help"]] {
            let outcome = try Program.gocker.run(words)
            #expect(outcome.exitCode == 0)
            #expect(outcome.output.contains("USAGE: gocker"))
            #expect(outcome.lines.allSatisfy { $0.count <= 100 })
            #expect(outcome.errors == "")
        }
        let nothing = try Program.gocker.run([])
        #expect(nothing.exitCode == 125)
        #expect(nothing.errors.contains("USAGE: gocker"))
        #expect(try Program.gocker.run("frob").errors == "gocker: unknown command \"frob\"\nSee \"gocker --help\".\n")
    }

    @Test func saysItsVersion() throws {
        let outcome = try Program.gocker.run("--version")
        #expect(outcome.output.hasPrefix("gocker "))
        #expect(try Program.gocker.run("version").output == outcome.output)
    }
}
