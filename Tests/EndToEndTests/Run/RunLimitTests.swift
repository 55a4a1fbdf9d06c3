import Linux
import Testing

@Suite("The limits of gocker run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunLimitTests {
    /// The value of a control file of the container's own cgroup, in whichever hierarchy has it.
    private func control(_ file: String, of name: String) throws -> String? {
        for directory in ["/sys/fs/cgroup"] + (try directoryEntries("/sys/fs/cgroup").map { "/sys/fs/cgroup/\($0)" }) {
            if let text = try? readText("\(directory)/gocker-\(name)/\(file)") {
                return text.split(separator: "\n").first.map(String.init)
            }
        }
        return nil
    }

    /// Starts a container that waits for its input, and looks at it.
    private func whileRunning(
        _ name: String, _ options: [String], _ body: () throws -> Void
    ) throws {
        let run = ["run", "-i", "--name", name, "--rootfs", TestFiles.rootfs] + options
        let container = try Program.gocker.start(run + ["sh", "-c", "echo up; read line"])
        #expect(try container.waitForOutput("up"))
        try body()
        container.closeInput()
        #expect(try container.finish().exitCode == 1)
    }

    @Test func areWrittenToTheCgroup() throws {
        try whileRunning("e2e-limits", ["--pids-limit", "17", "--memory", "64m", "--cpus", "0.5"]) { () throws in
            #expect(try control("pids.max", of: "e2e-limits") == "17")
            let memory =
                try control("memory.max", of: "e2e-limits") ?? control("memory.limit_in_bytes", of: "e2e-limits")
            #expect(memory == "67108864")
            let cpu = try control("cpu.max", of: "e2e-limits") ?? control("cpu.cfs_quota_us", of: "e2e-limits")
            #expect(cpu == "50000 100000" || cpu == "50000")
        }
        #expect(try control("pids.max", of: "e2e-limits") == nil)
    }

    @Test func onProcessesAreAFewThousandUnlessChosen() throws {
        try whileRunning("e2e-standard", []) { () throws in
            #expect(try control("pids.max", of: "e2e-standard") == "2048")
        }
        try whileRunning("e2e-unlimited", ["--pids-limit", "-1"]) { () throws in
            #expect(try control("pids.max", of: "e2e-unlimited") == "max")
        }
    }

    @Test func holdAForkBombBesideAHealthyHost() throws {
        let bomb = try Program.gocker.start([
            "run", "--name", "e2e-bomb", "--pids-limit", "16", "--rootfs", TestFiles.rootfs, "sh", "-c",
            "bomb() { bomb | bomb & }; bomb; while :; do sleep 1; done",
        ])
        #expect(try bomb.waitForErrors("fork"))
        let count = Int(try control("pids.current", of: "e2e-bomb") ?? "") ?? 0
        #expect((1...16).contains(count))
        #expect(try Program.gocker.inside(script: "echo usable").output == "usable\n")
        try bomb.process.send(.kill)
        #expect(try bomb.finish().status == .signalled(.kill))
        try removeCgroup(ofKilled: "e2e-bomb")
    }

    @Test func onMemoryEndTheCommandThatNeedsMore() throws {
        let outcome = try Program.gocker.inside(
            "--memory", "16m", script: "exec sh -c 'x=aaaaaaaa; while :; do x=$x$x; done'")
        #expect(outcome.exitCode == 137)
    }

    @Test func thatAreNoLimitsAreRefused() throws {
        for (options, message) in [
            ("--pids-limit=0", "--pids-limit \"0\": expected a whole number above 0, or -1 for no limit"),
            ("--pids-limit=many", "--pids-limit \"many\": expected a whole number above 0, or -1 for no limit"),
            ("--memory=lots", "--memory \"lots\": expected a number of bytes, with a unit b, k, m or g if wanted"),
            ("--cpus=0", "--cpus \"0\": expected a number of processors, at least 0.01"),
            ("--cpus=nan", "--cpus \"nan\": expected a number of processors, at least 0.01"),
        ] {
            let outcome = try Program.gocker.inside(options, script: "echo ran")
            #expect(outcome.exitCode == 125)
            #expect(outcome.errors == "gocker: \(message)\nSee \"gocker --help\".\n")
            #expect(outcome.output == "")
        }
    }

    @Test func nameOnlyOneContainerAtATime() throws {
        try whileRunning("e2e-taken", ["--pids-limit", "-1"]) { () throws in
            for options in [[], ["--pids-limit", "-1"]] {
                let second = try Program.gocker.run(
                    ["run", "--name", "e2e-taken", "--rootfs", TestFiles.rootfs] + options + ["echo", "ran"])
                #expect(second.exitCode == 125)
                #expect(second.output == "")
                #expect(
                    second.errors
                        == "gocker: cgroup gocker-e2e-taken is in use: a container of this name is running already\n")
            }
        }
        #expect(try Program.gocker.inside("--name", "e2e-taken", script: "echo ran").output == "ran\n")
    }

    @Test func nameAContainerAgainAfterItsRuntimeWasKilled() throws {
        let first = try Program.gocker.start([
            "run", "-i", "--name", "e2e-again", "--rootfs", TestFiles.rootfs, "sh", "-c", "echo $$; read line",
        ])
        #expect(try first.waitForOutput("1\n"))
        try first.process.send(.kill)
        _ = try first.finish()
        var code: Int32 = 125
        // The kernel needs a moment to end the container.
        for _ in 0..<100 where code == 125 {
            code = try Program.gocker.inside("--name", "e2e-again", script: "").exitCode
        }
        #expect(code == 0)
        #expect(try control("pids.max", of: "e2e-again") == nil)
    }
}
