import JSON
import Linux
import Testing

@Suite("exec", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct ExecTests {
    @Test(arguments: [("exit 0", 0), ("exit 42", 42), ("kill -KILL $$", 137)])
    func endsWithTheCodeOfTheProcess(script: String, code: Int32) throws {
        let container = try Container.running()
        #expect(try container.exec(script: script).exitCode == code)
    }

    @Test func passesTheStandardStreams() throws {
        let container = try Container.running()
        let outcome = try container.onHost(
            #"echo typed | "$RUNTIME" --root "$ROOT" exec "$ID" sh -c 'cat; echo errors >&2'"#)
        #expect(outcome.output == "typed\n")
        #expect(outcome.errors == "errors\n")
    }

    @Test(arguments: ["mnt", "net", "uts", "ipc", "pid", "cgroup"])
    func isInTheNamespacesOfTheContainer(name: String) throws {
        let container = try Container.running { $0.append(["type": "cgroup"], to: "linux.namespaces") }
        let outcome = try container.exec(script: "readlink /proc/self/ns/\(name)")
        #expect(outcome.lines == [try readSymbolicLink("/proc/\(try container.processID())/ns/\(name)")])
    }

    @Test func isInTheCgroupsOfTheContainer() throws {
        let container = try Container.running()
        let own = try readText("/proc/\(try container.processID())/cgroup")
        #expect(try container.exec(script: "cat /proc/self/cgroup").output == own)
    }

    @Test func seesTheMountsOfTheContainer() throws {
        let container = try Container.running { $0.mount("tmpfs", on: "/data", "nosuid") }
        #expect(try container.exec(script: "grep -c ' /data ' /proc/self/mountinfo").output == "1\n")
    }

    @Test func isWithoutFurtherOptionsLikeThePayload() throws {
        let container = try Container.running {
            $0["process.user"] = ["uid": 7, "gid": 8, "additionalGids": [9]]
            $0["process.cwd"] = "/usr"
            $0.append("A=b", to: "process.env")
            $0["process.capabilities"] = ["bounding": ["CAP_CHOWN"], "permitted": ["CAP_CHOWN"]]
            $0["process.noNewPrivileges"] = true
        }
        let outcome = try container.exec(
            script: "id -u; id -g; pwd; echo $A; grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status")
        #expect(
            outcome.lines == ["7", "8", "/usr", "b", "CapBnd:\t0000000000000001", "NoNewPrivs:\t1"],
            "\(outcome.report)")
    }

    @Test func hasTheOptionsItIsGiven() throws {
        let container = try Container.running()
        let outcome = try container.exec(
            "--env", "A=b", "--env", "C=d e", "--cwd", "/usr", "--user", "7:8", "--additional-gids", "9",
            "--additional-gids", "10", script: "echo $A $C; pwd; id -u; id -g; grep ^Groups: /proc/self/status")
        #expect(outcome.lines.prefix(4) == ["b d e", "/usr", "7", "8"], "\(outcome.report)")
        let groups = outcome.lines.last?.split { ":\t ".contains($0) }.dropFirst().map(String.init) ?? []
        #expect(Set(groups).subtracting(["8"]) == ["9", "10"], "\(outcome.report)")
    }

    @Test func canHaveAnotherCapability() throws {
        let container = try Container.running()
        let outcome = try container.exec("--cap", "CAP_SYS_TIME", script: "grep -E '^Cap(Eff|Bnd)' /proc/self/status")
        for line in outcome.lines {
            let mask = try #require(UInt64(line.suffix(16), radix: 16))
            #expect(mask & 1 << 25 != 0, "\(outcome.report)")
        }
        #expect(outcome.lines.count == 2)
    }

    @Test func canForbidNewPrivileges() throws {
        let container = try Container.running()
        let outcome = try container.exec("--no-new-privs", script: "grep NoNewPrivs /proc/self/status")
        #expect(outcome.output == "NoNewPrivs:\t1\n", "\(outcome.report)")
    }

    /// What engines use: the whole process as a file.
    @Test func takesAProcessFromAFile() throws {
        let container = try Container.running()
        var process = Configuration(json: ["cwd": "/usr"])
        process["user"] = ["uid": 7, "gid": 8, "additionalGids": [9], "umask": 0o77]
        process["args"] = ["sh", "-c", "id -u; id -g; pwd; echo $A; umask; grep -E '^Cap(Inh|Bnd)' /proc/self/status"]
        process["env"] = ["PATH=/bin", "A=b"]
        process["capabilities"] = ["bounding": ["CAP_KILL"], "effective": [], "permitted": []]
        process["rlimits"] = [["type": "RLIMIT_NOFILE", "soft": 100, "hard": 200]]
        let file = try container.directory.write("process.json", JSONWriter.pretty(process.json))
        let outcome = try container.runtime("exec", "--process", file, container.id)
        #expect(
            outcome.lines == [
                "7", "8", "/usr", "b", "0077", "CapInh:\t0000000000000000", "CapBnd:\t0000000000000020",
            ], "\(outcome.report)")
    }

    @Test func inTheBackgroundReturnsAtOnce() throws {
        let container = try Container.running()
        let file = "\(container.directory.path)/pid"
        let outcome = try container.exec(
            "--detach", "--pid-file", file, script: "echo up > /up; sleep 1000")
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try eventually { exists("\(container.rootfs)/up") })
        let process = try readText(file)
        #expect(try readText("/proc/\(process)/status").contains("NSpid:\t\(process)\t"))
        #expect(Cgroups.processes(of: container.cgroupName).count >= 2)
    }

    @Test func endsWithTheContainer() throws {
        let container = try Container.running()
        let file = "\(container.directory.path)/pid"
        #expect(try container.exec("--detach", "--pid-file", file, script: "sleep 1000").succeeded)
        let process = try readText(file)
        #expect(try container.runtime("delete", "--force", container.id).succeeded)
        #expect(try eventually { !exists("/proc/\(process)/exe") })
        #expect(try container.leftovers() == [])
    }

    /// Engines make 127 and 126 of these texts.
    @Test(
        arguments: [
            ("nosuchtool", "executable file not found in $PATH"), ("/no/such/tool", "no such file or directory"),
            ("/etc/passwd", "permission denied"),
        ])
    func ofWhatCannotBeExecutedIsAnErrorInTheseWords(executable: String, text: String) throws {
        let container = try Container.running()
        let outcome = try container.runtime("exec", container.id, executable)
        #expect(!outcome.succeeded)
        #expect(outcome.errors.lowercased().contains(text.lowercased()), "\(outcome.report)")
        #expect(try container.status() == "running")
    }

    @Test(arguments: ["created", "stopped", "paused"]) func needsARunningContainer(status: String) throws {
        let container = try Container(status == "stopped" ? "true" : "sleep 1000")
        #expect(try container.create().succeeded)
        // A container that is created only may be entered or not, but not be started by that.
        if status == "created" {
            _ = try container.runtime("exec", container.id, "true")
            #expect(try container.status() == "created")
            return
        }
        #expect(try container.start().succeeded)
        if status == "paused" { #expect(try container.runtime("pause", container.id).succeeded) }
        #expect(try container.waitUntil(status))
        let outcome = try OCIRuntime.program.run(
            ["--root", container.stateRoot, "exec", container.id, "true"], .init(timeout: .seconds(5)))
        #expect(!outcome.succeeded)
        #expect(outcome.status != .signalled(.kill), "it waits for ever")
    }

    /// Descriptors for the payload are those from 3 on, and only as many as said.
    @Test func passesDescriptorsWhereAsked() throws {
        let container = try Container.running()
        let outcome = try container.onHost(
            """
            echo three > "$DIRECTORY/3"; echo four > "$DIRECTORY/4"; exec 3<"$DIRECTORY/3" 4<"$DIRECTORY/4" 5</
            exec "$RUNTIME" --root "$ROOT" exec --preserve-fds 2 "$ID" sh -c 'cat <&3; cat <&4; [ -e /proc/self/fd/5 ] && echo 5'
            """)
        #expect(outcome.lines == ["three", "four"], "\(outcome.report)")
    }

    /// Many at once are no problem.
    @Test func canBeDoneManyTimesAtOnce() throws {
        let container = try Container.running()
        let arguments = ["--root", container.stateRoot, "exec", container.id, "/bin/sh", "-c", "echo $$"]
        let programs = try (0..<10).map { _ in try OCIRuntime.program.start(arguments) }
        let outcomes = try programs.map { try $0.finish() }
        #expect(outcomes.filter(\.succeeded).count == 10, "\(outcomes.map(\.report))")
        #expect(Set(outcomes.map(\.output)).count == 10)
    }
}
