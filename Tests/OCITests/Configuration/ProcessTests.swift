import JSON
import Linux
import Testing

@Suite("The process", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct ProcessTests {
    /// config.md, `args`: as they are.
    @Test func hasTheArguments() throws {
        let container = try Container {
            $0["process.args"] = ["/bin/sh", "-c", #"for a; do echo "<$a>"; done"#, "name", "a b", "", "*", "\u{e9}\n"]
        }
        #expect(try container.run().output == "<a b>\n<>\n<*>\n<\u{e9}\n>\n")
    }

    /// config.md, `env`: in its order, as it is.
    @Test func hasTheEnvironment() throws {
        let lines = try Container.lines("cat /proc/1/environ | tr '\\0' '\\n'") {
            $0["process.env"] = ["B=1", "A=2", "PATH=/bin", "C=x=y", "D="]
        }
        #expect(lines.filter { !$0.hasPrefix("HOME=") } == ["B=1", "A=2", "PATH=/bin", "C=x=y", "D="])
    }

    /// Engines rely on a home directory, of the user that the image names.
    @Test(arguments: [(0, "/root"), (1000, "/home")]) func hasAHome(user: Int64, home: String) throws {
        let lines = try Container.lines("echo $HOME") { $0["process.user.uid"] = .integer(user) }
        #expect(lines == [home])
    }

    @Test func keepsTheHomeItIsGiven() throws {
        let lines = try Container.lines("echo $HOME") { $0.append("HOME=/elsewhere", to: "process.env") }
        #expect(lines == ["/elsewhere"])
    }

    /// config.md, `cwd`: where the process is.
    @Test func isInTheWorkingDirectory() throws {
        #expect(try Container.lines("pwd") { $0["process.cwd"] = "/usr" } == ["/usr"])
    }

    /// Engines expect that it is made.
    @Test func isInTheWorkingDirectoryThatIsMade() throws {
        #expect(try Container.lines("pwd") { $0["process.cwd"] = "/made/for/this" } == ["/made/for/this"])
    }

    /// config.md, `cwd`: must be absolute.
    @Test(arguments: ["", "usr", "./usr", "../usr"]) func hasNoRelativeWorkingDirectory(path: String) throws {
        let container = try Container("echo ran") { $0["process.cwd"] = .string(path) }
        let outcome = try container.run()
        #expect(!outcome.succeeded)
        #expect(outcome.output == "")
    }

    @Test func mayBeInADirectoryOfItsUserOnly() throws {
        let container = try Container("pwd; touch made && echo made") {
            $0["process.user"] = ["uid": 1000, "gid": 1000]
            $0["process.cwd"] = "/private"
        }
        let directory = "\(container.rootfs)/private"
        try makeDirectory(directory, mode: 0o700)
        try FileDescriptor.open(directory, .directory).setOwner(1000, group: 1000)
        for set in ["bounding", "effective", "permitted"] { container.config["process.capabilities.\(set)"] = [] }
        #expect(try container.run().output == "/private\nmade\n")
    }

    // MARK: The executable

    /// config.md, `args`: as execvp(3) finds it.
    @Test func isLookedUpInThePathOfTheContainer() throws {
        let container = try Container {
            $0["process.args"] = ["tool"]
            $0["process.env"] = ["PATH=/none:/opt/tools:/bin"]
        }
        try container.directory.write("bundle/rootfs/opt/tools/tool", "#!/bin/sh\necho found\n", mode: 0o755)
        #expect(try container.run().output == "found\n")
    }

    @Test func isLookedUpInTheWorkingDirectoryWhereItsNameHasASlash() throws {
        let container = try Container {
            $0["process.args"] = ["./tool"]
            $0["process.cwd"] = "/opt"
        }
        try container.directory.write("bundle/rootfs/opt/tool", "#!/bin/sh\necho found\n", mode: 0o755)
        #expect(try container.run().output == "found\n")
    }

    /// Engines make 127 and 126 of these texts.
    @Test(
        arguments: [
            ("nosuchtool", "executable file not found in $PATH"), ("/no/such/tool", "no such file or directory"),
            ("/etc/passwd", "permission denied"),
        ])
    func thatCannotBeExecutedIsAnErrorInTheseWords(executable: String, text: String) throws {
        let container = try Container { $0["process.args"] = [.string(executable)] }
        let outcome = try container.run()
        #expect(!outcome.succeeded)
        #expect(outcome.errors.lowercased().contains(text.lowercased()), "\(outcome.report)")
        #expect(try container.leftovers() == [])
    }

    @Test func thatIsADirectoryCannotBeExecuted() throws {
        let container = try Container { $0["process.args"] = ["/etc"] }
        let outcome = try container.run()
        #expect(!outcome.succeeded)
        let text = outcome.errors.lowercased()
        #expect(text.contains("is a directory") || text.contains("permission denied"), "\(outcome.report)")
    }

    /// The error comes from create, where an engine can still tell why.
    @Test func thatDoesNotExistIsAnErrorOfCreate() throws {
        let container = try Container { $0["process.args"] = ["nosuchtool"] }
        let outcome = try container.create()
        #expect(!outcome.succeeded)
        #expect(outcome.errors.contains("executable file not found in $PATH"), "\(outcome.report)")
    }

    @Test(arguments: ["none", "empty list", "empty text"]) func needsArguments(cause: String) throws {
        let container = try Container {
            switch cause {
            case "none": $0["process.args"] = nil
            case "empty list": $0["process.args"] = []
            default: $0["process.args"] = [""]
            }
        }
        #expect(!(try container.run().succeeded))
    }

    // MARK: The user

    /// config.md, User: user, group and additional groups.
    @Test func hasTheUserAndTheGroups() throws {
        let lines = try Container.lines("grep -E '^(Uid|Gid|Groups):' /proc/self/status") {
            $0["process.user"] = ["uid": 1234, "gid": 5678, "additionalGids": [7, 9, 70_000]]
        }
        #expect(lines[0] == "Uid:\t1234\t1234\t1234\t1234")
        #expect(lines[1] == "Gid:\t5678\t5678\t5678\t5678")
        let groups = lines[2].split { ":\t ".contains($0) }.dropFirst().map(String.init)
        #expect(Set(groups).subtracting(["5678"]) == ["7", "9", "70000"])
    }

    @Test(arguments: [(nil, "0022"), (0, "0000"), (0o77, "0077"), (0o27, "0027")] as [(Int64?, String)])
    func hasTheMask(mask: Int64?, text: String) throws {
        let lines = try Container.lines("umask") {
            if let mask { $0["process.user.umask"] = .integer(mask) }
        }
        #expect(lines == [text])
    }

    @Test func mayWriteToItsStreamsAsAnyUser() throws {
        let lines = try Container.lines(
            "echo one > /dev/stdout; echo two >> /dev/stderr; ls -ln /proc/self/fd/1 >/dev/null"
        ) {
            $0["process.user"] = ["uid": 1000, "gid": 1000]
        }
        #expect(lines == ["one"])
    }

    @Test(arguments: [-1, 4_294_967_296, 4_294_967_295]) func isNoUserWithAnImpossibleNumber(user: Int64) throws {
        let container = try Container("id -u") { $0["process.user.uid"] = .integer(user) }
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
    }

    // MARK: Limits and scheduling

    /// config.md, `rlimits`: soft and hard, for each type.
    @Test(
        arguments: [
            ("RLIMIT_NOFILE", "Max open files", 300, 400), ("RLIMIT_NPROC", "Max processes", 1000, 2000),
            ("RLIMIT_CORE", "Max core file size", 0, 4096), ("RLIMIT_FSIZE", "Max file size", 1_000_000, 2_000_000),
            ("RLIMIT_CPU", "Max cpu time", 100, 200), ("RLIMIT_STACK", "Max stack size", 4_000_000, 5_000_000),
            ("RLIMIT_NICE", "Max nice priority", 0, 0), ("RLIMIT_MSGQUEUE", "Max msgqueue size", 4096, 8192),
            ("RLIMIT_SIGPENDING", "Max pending signals", 10, 20), ("RLIMIT_LOCKS", "Max file locks", 10, 20),
            ("RLIMIT_AS", "Max address space", 1_073_741_824, 1_073_741_824),
            ("RLIMIT_DATA", "Max data size", 100_000_000, 200_000_000),
        ] as [(String, String, Int64, Int64)])
    func hasTheLimits(type: String, name: String, soft: Int64, hard: Int64) throws {
        let lines = try Container.lines("grep '^\(name) ' /proc/self/limits") {
            $0["process.rlimits"] = [["type": .string(type), "soft": .integer(soft), "hard": .integer(hard)]]
        }
        let values = (lines.first ?? "").dropFirst(name.count).split(separator: " ").prefix(2)
        #expect(values == ["\(soft)", "\(hard)"])
    }

    @Test func hasALimitThatIsNone() throws {
        let lines = try Container.lines("grep '^Max core file size' /proc/self/limits") {
            $0["process.rlimits"] = [["type": "RLIMIT_CORE", "soft": .unsigned(.max), "hard": .unsigned(.max)]]
        }
        #expect(lines.first?.contains("unlimited            unlimited") == true, "\(lines)")
    }

    /// config.md, `rlimits`: a type twice, or one that is none, is an error.
    @Test(arguments: ["twice", "unknown", "soft above hard"]) func hasNoLimitThatMakesNoSense(cause: String) throws {
        let one: JSONValue = ["type": "RLIMIT_NOFILE", "soft": 100, "hard": 200]
        let container = try Container {
            $0["process.rlimits"] =
                switch cause {
                case "twice": [one, one]
                case "unknown": [["type": "RLIMIT_TEARS", "soft": 1, "hard": 1]]
                default: [["type": "RLIMIT_NOFILE", "soft": 200, "hard": 100]]
                }
        }
        #expect(!(try container.create().succeeded))
    }

    /// config.md, `oomScoreAdj`: set where it is configured, and not touched where it is not.
    @Test func hasTheScoreForTheOOMKiller() throws {
        #expect(try Container.lines("cat /proc/self/oom_score_adj") { $0["process.oomScoreAdj"] = 500 } == ["500"])
        let own = String(try readText("/proc/self/oom_score_adj").prefix { $0 != "\n" })
        #expect(try Container.lines("cat /proc/self/oom_score_adj") == [own])
    }

    /// config.md, `scheduler`: policy and nice value.
    @Test func hasTheScheduler() throws {
        let lines = try Container.lines("cut -d ' ' -f 19,41 /proc/self/stat") {
            $0["process.scheduler"] = ["policy": "SCHED_BATCH", "nice": 5]
        }
        // The nice value, and the number of the policy.
        #expect(lines == ["5 3"])
    }

    /// config.md, `ioPriority`: the class.
    @Test func hasTheIOPriority() throws {
        let container = try Container.running {
            $0["process.ioPriority"] = ["class": "IOPRIO_CLASS_IDLE", "priority": 0]
        }
        let outcome = try Program.shell.run(["-c", "ionice -p \(try container.processID())"])
        #expect(outcome.output == "idle\n", "\(outcome.report)")
    }

    /// config-linux.md, Personality: another machine.
    @Test func hasThePersonality() throws {
        let lines = try Container.lines("uname -m") { $0["linux.personality"] = ["domain": "LINUX32"] }
        #expect(lines == ["i686"])
    }
}
