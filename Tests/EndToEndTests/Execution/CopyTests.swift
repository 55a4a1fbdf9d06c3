import Linux
import Testing

@Suite("gocker-compose cp", .enabled(if: TestFiles.isRoot, "containers need root"))
struct CopyTests {
    private static let yaml = """
        services:
          app:
            rootfs: rootfs
            command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
            tmpfs: [/scratch]
        """

    private func started() throws -> StackFixture {
        let stack = try StackFixture(Self.yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        return stack
    }

    private func sh(_ stack: StackFixture, _ script: String) throws -> String {
        try stack.compose("exec", "app", "sh", "-c", script).output
    }

    @Test func copiesFilesAsDockerDoes() throws {
        let stack = try started()
        let here = stack.directory.path
        try stack.directory.write("one", "first")
        #expect(try stack.compose("cp", "\(here)/one", "app:/scratch").exitCode == 0)
        #expect(try stack.compose("cp", "\(here)/one", "app:/scratch/two").exitCode == 0)
        #expect(try sh(stack, "cat /scratch/one /scratch/two") == "firstfirst")
        try stack.directory.write("one", "second")
        #expect(try stack.compose("cp", "\(here)/one", "app:/scratch/two").exitCode == 0)
        #expect(try sh(stack, "cat /scratch/one /scratch/two") == "firstsecond")

        _ = try sh(
            stack,
            "mkdir -p /scratch/d/e; echo deep > /scratch/d/e/f; ln -s f /scratch/d/e/link; chmod 700 /scratch/d/e")
        #expect(try stack.compose("cp", "app:/scratch/d", "\(here)/new").exitCode == 0)
        #expect(try readText("\(here)/new/e/f") == "deep\n")
        #expect(try readSymbolicLink("\(here)/new/e/link") == "f")
        #expect(try FileStatus.of("\(here)/new/e").mode == 0o700)
        // There is a directory of that name now.
        #expect(try stack.compose("cp", "app:/scratch/d", "\(here)/new").exitCode == 0)
        #expect(try readText("\(here)/new/d/e/f") == "deep\n")
        #expect(try stack.compose("cp", "app:/scratch/d/.", "\(here)/new").exitCode == 0)
        #expect(try stack.compose("cp", "\(here)/new/.", "app:/scratch/again").exitCode == 0)
        #expect(try sh(stack, "cat /scratch/again/e/f") == "deep\n")
    }

    @Test func saysWhatCannotBe() throws {
        let stack = try started()
        let here = stack.directory.path
        try stack.directory.write("file", "x")
        try stack.directory.write("directory/file", "x")
        let problems = [
            ("app:/nothing", here, "/nothing: No such file or directory"),
            ("\(here)/nothing", "app:/tmp", "/nothing: No such file or directory"),
            ("\(here)/file", "app:/not/there", "there is no such directory"),
            ("\(here)/file", "app:/not/", "there is no such directory"),
            ("\(here)/directory", "app:/etc/passwd", "cannot copy a directory to /etc/passwd, which is a file"),
            ("\(here)/file", "\(here)/other", "one of the two has to be SERVICE:PATH"),
            ("app:/a", "app:/b", "from one service to another takes two steps"),
            ("ap:/a", here, "did you mean \"app\"?"),
        ]
        for (source, target, sentence) in problems {
            let outcome = try stack.compose("cp", source, target)
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors.contains(sentence), "\(source) \(target): \(outcome)")
        }
    }

    @Test func givesCopiesToWhomTheyBelong() throws {
        let stack = try started()
        let here = stack.directory.path
        _ = try sh(stack, "echo x > /scratch/f; chown 4242:4343 /scratch/f; chmod 4755 /scratch/f")
        #expect(try stack.compose("cp", "app:/scratch/f", "\(here)/plain").exitCode == 0)
        let plain = try FileStatus.of("\(here)/plain")
        #expect(plain.owner == effectiveUserID)
        #expect(plain.mode == 0o755)
        #expect(try stack.compose("cp", "-a", "app:/scratch/f", "\(here)/kept").exitCode == 0)
        let kept = try FileStatus.of("\(here)/kept")
        #expect(kept.owner == 4242)
        #expect(kept.group == 4343)
        #expect(kept.mode == 0o4755)
        #expect(kept.modified == plain.modified)
        #expect(try stack.compose("cp", "\(here)/kept", "app:/scratch/root").exitCode == 0)
        #expect(try stack.compose("cp", "--archive", "\(here)/kept", "app:/scratch/archive").exitCode == 0)
        #expect(try sh(stack, "stat -c '%u %g %a' /scratch/root /scratch/archive") == "0 0 755\n4242 4343 4755\n")
    }

    @Test func followsALinkOnlyWhereItIsToldTo() throws {
        let stack = try started()
        let here = stack.directory.path
        _ = try sh(
            stack, "echo x > /scratch/f; ln -s f /scratch/link; mkdir /scratch/d; ln -s /scratch/d /scratch/dlink")
        #expect(try stack.compose("cp", "app:/scratch/link", "\(here)/a").exitCode == 0)
        #expect(try readSymbolicLink("\(here)/a") == "f")
        #expect(try stack.compose("cp", "-L", "app:/scratch/link", "\(here)/b").exitCode == 0)
        #expect(try FileStatus.ofLink("\(here)/b").kind == .regular)
        #expect(try readText("\(here)/b") == "x\n")
        // A target that is a link to a directory is the directory.
        #expect(try stack.compose("cp", "\(here)/b", "app:/scratch/dlink").exitCode == 0)
        #expect(try sh(stack, "cat /scratch/d/b") == "x\n")
    }

    @Test func neverLeavesAHostileService() throws {
        let stack = try started()
        let here = stack.directory.path
        try stack.directory.write("secret/file", "of the host")
        try stack.directory.write("new", "new")
        _ = try sh(
            stack,
            "ln -s \(here)/secret /scratch/out; ln -s ../../../../../..\(here)/secret /scratch/up; ln -s /proc/1/root/etc /scratch/magic"
        )
        for path in ["out/file", "up/file", "magic/passwd", "../../../../..\(here)/secret/file"] {
            let outcome = try stack.compose("cp", "-L", "app:/scratch/\(path)", "\(here)/got")
            #expect(outcome.exitCode == 1, "\(path): \(outcome)")
        }
        for path in ["out", "up", "out/file", "up/file"] {
            let outcome = try stack.compose("cp", "\(here)/new", "app:/scratch/\(path)")
            // A link that leads nowhere is replaced, and never followed.
            #expect(try readText("\(here)/secret/file") == "of the host", "\(path): \(outcome)")
            #expect(try directoryEntries("\(here)/secret") == ["file"])
        }
        // A tree that comes out of it with a link for a directory does not lead what follows through it.
        _ = try sh(
            stack,
            "mkdir /scratch/tree; ln -s \(here)/secret /scratch/tree/d; mkfifo /scratch/tree/fifo; mknod /scratch/tree/node c 1 3"
        )
        try makeDirectories("\(here)/target/tree/d")
        let outcome = try stack.compose("cp", "app:/scratch/tree", "\(here)/target")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("would replace a directory"), "\(outcome)")
        let aside = try stack.compose("cp", "app:/scratch/tree", "\(here)/aside")
        #expect(aside.exitCode == 0, "\(aside)")
        #expect(try readSymbolicLink("\(here)/aside/d") == "\(here)/secret")
        #expect(try FileStatus.ofLink("\(here)/aside/fifo").kind == .fifo)
        #expect((try? FileStatus.ofLink("\(here)/aside/node")) == nil)
    }

    @Test func speaksTar() throws {
        let stack = try started()
        let here = stack.directory.path
        let environment =
            stack.environment + ["C=\(Program.compose.path) -f \(stack.file) -p \(stack.project)", "D=\(here)"]
        func host(_ script: String) throws -> Program.Outcome {
            try Program(path: "/bin/sh").run(["-ec", script], environment: environment)
        }
        _ = try sh(
            stack,
            "mkdir -p /scratch/d/e; head -c 100000 /dev/urandom > /scratch/d/e/f; chown 7:8 /scratch/d/e/f; ln -s e /scratch/d/link"
        )
        let out = try host(
            "$C cp app:/scratch/d - > $D/out.tar; mkdir $D/x; tar -C $D/x -xf $D/out.tar; readlink $D/x/d/link; stat -c '%u %g %s' $D/x/d/e/f"
        )
        #expect(out.output == "e\n7 8 100000\n", "\(out)")
        let back = try host("$C cp - app:/tmp < $D/out.tar; $C exec -T app cmp /tmp/d/e/f /scratch/d/e/f && echo same")
        #expect(back.output == "same\n", "\(back)")
        let gzip = try host("gzip -c $D/out.tar | $C cp - app:/scratch/d")
        #expect(gzip.exitCode == 0, "\(gzip)")
        #expect(try sh(stack, "stat -c %u /scratch/d/d/e/f") == "7\n")
        let nowhere = try host("$C cp - app:/not/there < $D/out.tar")
        #expect(nowhere.errors.contains("there is no such directory"))
    }

    @Test func reachesAServiceThatIsStopped() throws {
        let stack = try StackFixture(
            """
            services:
              once: {rootfs: rootfs, command: [sh, -c, "echo kept > /result"]}
              place: {rootfs: {path: ./own, overlay: false}, command: [sh, -c, "echo kept > /result"]}
            """)
        try Program.gocker.run("rootfs", "create", "\(stack.directory.path)/own")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "once-1")["STATE"] == "exited" })
        #expect(try stack.eventually { try stack.row(of: "place-1")["STATE"] == "exited" })
        let here = stack.directory.path
        #expect(try stack.compose("cp", "place:/result", "\(here)/place").exitCode == 0)
        #expect(try readText("\(here)/place") == "kept\n")
        let outcome = try stack.compose("cp", "once:/result", "\(here)/once")
        if try FileSystemKind.of(here) == .overlay {
            #expect(outcome.errors.contains("nothing that it changed is kept"))
        } else {
            #expect(outcome.exitCode == 0, "\(outcome)")
            #expect(try readText("\(here)/once") == "kept\n")
        }
    }
}
