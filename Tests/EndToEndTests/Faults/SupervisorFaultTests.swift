import Linux
import Testing

/// What may happen to a stack beside a kill of its supervisor in the middle of nothing.
@Suite("A stack in trouble", .enabled(if: TestFiles.isRoot, "containers need root"))
struct SupervisorFaultTests {
    private static let steady = """
        services:
          app: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}
          other: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}

        """

    @Test func whoWaitedWaitsOnAfterTheSupervisorsDeath() throws {
        let stack = try StackFixture(
            """
            services:
              web: {rootfs: rootfs, stop_signal: KILL, command: [sleep, "600"], depends_on: {db: {condition: service_healthy}}}
              db:
                rootfs: rootfs
                stop_signal: KILL
                command: [sleep, "600"]
                healthcheck: {test: [CMD, test, -e, /root/well], interval: 100ms, retries: 10000}
            """)
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { try stack.row(of: "web-1")["STATE"] == "waiting" })
        #expect(try stack.eventually { try stack.row(of: "db-1")["STATE"] == "running" })
        try stack.killSupervisor()
        #expect(try up.finish().exitCode == 1)
        // Whatever brings the next supervisor.
        #expect(try stack.compose("start", "db").exitCode == 0)
        #expect(try stack.row(of: "web-1")["STATE"] == "waiting")
        #expect(try stack.compose("exec", "-T", "db", "touch", "/root/well").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "web-1")["STATE"] == "running" })
    }

    @Test func whatIsRestartedWithWhatItNeedsIsSoWhenThatDiedUnseen() throws {
        let stack = try StackFixture(
            """
            services:
              web:
                rootfs: rootfs
                stop_signal: KILL
                command: [sleep, "600"]
                depends_on: {db: {condition: service_started, restart: true}}
              db: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let (web, db) = (try stack.processID(of: "web-1"), try stack.processID(of: "db-1"))
        try stack.killSupervisor()
        try ProcessHandle(opening: db).send(.kill)
        #expect(try stack.eventually { try stack.firstProcesses()["db-1"] == nil })
        #expect(try stack.compose("start").exitCode == 0)
        #expect(
            try stack.eventually {
                let there = try stack.firstProcesses()
                return there["db-1"]?.count == 1 && there["web-1"]?.count == 1 && there["web-1"] != [web]
            })
    }

    @Test func theBackOffGoesOn() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                command: [sh, -c, "exit 1"]
                deploy: {restart_policy: {delay: 1h}}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "app-1")["STATE"] == "restarting" })
        try stack.killSupervisor()
        #expect(try stack.compose("unpause").exitCode == 0)
        #expect(try stack.row(of: "app-1")["STATE"] == "restarting")
        #expect(try stack.row(of: "app-1")["RESTARTS"] == "1")
    }

    @Test func anUpgradeTouchesNothing() throws {
        let stack = try StackFixture(
            """
            services:
              app: {rootfs: rootfs, stop_signal: KILL, command: [sleep, "600"]}
              job: {rootfs: rootfs, command: [sh, -c, "trap 'exit 7' USR1; while true; do sleep 0.1; done"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        let supervisor = try SupervisorDeathTests.supervisor(of: stack).processID
        for _ in 0..<3 { #expect(try stack.compose("upgrade").exitCode == 0) }
        #expect(try stack.firstProcesses() == before)
        #expect(try SupervisorDeathTests.supervisor(of: stack).processID == supervisor)
        #expect(try stack.compose("kill", "-s", "USR1", "job").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "job-1")["EXIT"] == "7" })
    }

    @Test func theHooksOfAStartAreRunToTheirEndByTheNextOne() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                stop_signal: KILL
                volumes: [".:/here"]
                command: [sleep, "600"]
                post_start: [{command: [sh, -c, "echo hook >>/here/hooks; while ! test -e /here/go; do sleep 0.1; done"]}]
            """)
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { (try? readText("\(stack.directory.path)/hooks")) == "hook\n" })
        try stack.killSupervisor()
        _ = try up.finish()
        let again = try stack.start("up", "-d")
        #expect(try stack.eventually { (try? readText("\(stack.directory.path)/hooks")) == "hook\nhook\n" })
        #expect(try stack.states()["app-1"] == "starting")
        try stack.directory.write("go", "")
        #expect(try again.finish().exitCode == 0)
        #expect(try stack.states()["app-1"] == "running")
    }

    /// What a supervisor runs to look after a service ends with it, and does not keep the service from ending.
    @Test func whatChecksAServiceEndsWithItsSupervisor() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                stop_signal: KILL
                command: [sleep, "600"]
                healthcheck: {test: [CMD, sleep, "12345"], interval: 100ms, timeout: 1h}
            """)
        func checks() throws -> Int {
            try stack.compose("top").output.split(separator: "\n").filter { $0.contains("sleep 12345") }.count
        }
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try checks() == 1 })
        #expect(try stack.compose("upgrade").exitCode == 0)
        #expect(try stack.eventually { try checks() == 1 })
        try stack.killSupervisor()
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try checks() == 1 })
        #expect(try stack.compose("upgrade").exitCode == 0)
        #expect(try stack.compose("stop", timeout: .seconds(30)).exitCode == 0)
        #expect(try stack.row(of: "app-1")["STATE"] == "stopped")
    }

    /// Also one that is killed before it has become another process, which nobody has heard of then.
    @Test func aCheckThatIsKilledAtAnyMomentKeepsNobodyFromEnding() throws {
        let timeouts = [1, 2, 3, 4, 6, 9, 14, 25]
        let services = timeouts.map { timeout in
            StackFixture.sleeper(
                "s\(timeout)",
                "healthcheck: {test: [CMD, sleep, \"5\"], interval: 1ms, timeout: \(timeout)ms, retries: 1000000}")
        }
        let stack = try StackFixture("services:\n" + services.joined())
        #expect(try stack.compose("up", "-d").exitCode == 0)
        _ = try Poller().wait(timeout: .seconds(5))
        let stop = try stack.compose("stop", timeout: .seconds(30))
        #expect(stop.exitCode == 0, "\(stop)")
        #expect(Set(try stack.states().values) == ["stopped"])
    }

    @Test func whatSomebodyRunsInAServiceGoesOn() throws {
        let stack = try StackFixture(Self.steady)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("exec", "-d", "app", "sleep", "12345").exitCode == 0)
        func isThere() throws -> Bool { try stack.compose("top").output.contains("sleep 12345") }
        #expect(try stack.eventually(isThere))
        try stack.killSupervisor()
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try isThere())
        #expect(try stack.compose("upgrade").exitCode == 0)
        #expect(try isThere())
    }

    @Test func anUpgradeDoesNotWaitForWhoWaits() throws {
        let stack = try StackFixture(
            """
            services:
              web: {rootfs: rootfs, stop_signal: KILL, command: [sleep, "600"], depends_on: {db: {condition: service_healthy}}}
              db:
                rootfs: rootfs
                stop_signal: KILL
                command: [sleep, "600"]
                healthcheck: {test: [CMD, test, -e, /root/well], interval: 100ms, retries: 10000}
            """)
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { try stack.row(of: "web-1")["STATE"] == "waiting" })
        #expect(try stack.eventually { try stack.row(of: "db-1")["STATE"] == "running" })
        #expect(try stack.compose("upgrade").exitCode == 0)
        _ = try up.finish()
        #expect(try stack.row(of: "web-1")["STATE"] == "waiting")
        #expect(try stack.compose("exec", "-T", "db", "touch", "/root/well").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "web-1")["STATE"] == "running" })
    }

    @Test func anUpdateThatWasCutShortIsFinishedByTheNextUp() throws {
        let yaml =
            "services:\n" + """
                  web:
                    rootfs: rootfs
                    stop_signal: KILL
                    command: [sleep, "600"]
                    environment: {V: "1"}
                    deploy: {replicas: 3, update_config: {order: start-first, parallelism: 1, delay: 500ms}}

                """
        let stack = try StackFixture(yaml)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        try stack.write(yaml.replacing("V: \"1\"", with: "V: \"2\""))
        let update = try stack.start("up", "-d")
        #expect(try update.waitForErrors("web-4  started"))
        try stack.killSupervisor()
        _ = try update.finish()
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let there = try stack.firstProcesses()
        #expect(there.count == 3 && there.values.allSatisfy { $0.count == 1 }, "\(there)")
        for process in there.values.joined() {
            #expect(try readText("/proc/\(process)/environ").split(separator: "\0").contains("V=2"))
        }
        #expect(try stack.compose("--dry-run", "up").output.contains("recreate") == false)
    }

    @Test func aHookThatItsSupervisorDidNotSeeTheEndOfIsRunAgain() throws {
        let stack = try StackFixture(
            """
            services:
              app:
                rootfs: rootfs
                stop_signal: KILL
                volumes: [".:/here"]
                command: [sleep, "600"]
                pre_stop: [{command: [sh, -c, "echo hook >>/here/hooks; while ! test -e /here/go; do sleep 0.1; done"]}]
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let stop = try stack.start("stop")
        #expect(try stack.eventually { (try? readText("\(stack.directory.path)/hooks")) == "hook\n" })
        try stack.killSupervisor()
        _ = try stop.finish()
        let again = try stack.start("stop")
        #expect(try stack.eventually { (try? readText("\(stack.directory.path)/hooks")) == "hook\nhook\n" })
        try stack.directory.write("go", "")
        #expect(try again.finish().exitCode == 0)
        #expect(try stack.row(of: "app-1")["STATE"] == "stopped")
        #expect(try stack.firstProcesses().isEmpty)
    }

    @Test func aTornJournalIsReadAsFarAsItGoes() throws {
        let stack = try StackFixture(Self.steady)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        for _ in 0..<3 {
            try stack.killSupervisor()
            let bytes = try readFile(stack.journal)
            let file = try FileDescriptor.open(stack.journal, .write)
            try file.setSize(Int64(bytes.count - 7))
            #expect(try stack.compose("up", "-d").exitCode == 0)
            #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1, "other-1": 1])
            // The first line of an instance that was written anew before is what counts then.
            #expect(try stack.firstProcesses()["app-1"] == before["app-1"])
        }
    }

    @Test func aLostJournalCostsARestartAndMakesNoSecondCopy() throws {
        let stack = try StackFixture(Self.steady)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        try stack.killSupervisor()
        try removeFile(stack.journal)
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0, "\(up.errors)")
        let after = try stack.firstProcesses()
        #expect(after.mapValues(\.count) == ["app-1": 1, "other-1": 1])
        #expect(after["app-1"] != before["app-1"])
        try stack.killSupervisor()
        try removeFile(stack.journal)
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    /// What a journal from before a reboot says of processes means nothing.
    @Test func afterARebootNothingIsTakenForWhatRan() throws {
        let stack = try StackFixture(
            """
            services:
              app: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}
              job: {rootfs: rootfs, command: [sh, -c, "echo done"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { try stack.row(of: "job-1")["STATE"] == "exited" })
        try stack.killSupervisor()
        try ProcessHandle(opening: try stack.processID(of: "app-1")).send(.kill)
        #expect(try stack.eventually { try stack.firstProcesses().isEmpty })
        let boot = try readText("/proc/sys/kernel/random/boot_id").filter { !$0.isWhitespace }
        let lines = try readText(stack.journal).split(separator: "\n").map { line in
            let record = String(line.dropFirst(9)).replacing(boot, with: "00000000-0000-0000-0000-000000000000")
            return "\(checksum(record)) \(record)\n"
        }
        try FileDescriptor.open(stack.journal, [.write, .truncate]).writeAll(lines.joined().utf8)
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0)
        #expect(up.errors.contains("job-1  unchanged") || !up.errors.contains("job-1  started"), "\(up.errors)")
        #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1])
        #expect(try stack.row(of: "app-1")["RESTARTS"] == "0")
        #expect(try stack.compose("logs", "job").output == "job-1  | done\n")
    }

    /// CRC-32 as in IEEE 802.3.
    private func checksum(_ text: String) -> String {
        var value = ~UInt32(0)
        for byte in text.utf8 {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        let digits = String(~value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    @Test func severalUpsAtOnceMakeOneStack() throws {
        let stack = try StackFixture(Self.steady)
        let ups = try (0..<4).map { _ in try stack.start("up", "-d") }
        for up in ups {
            let outcome = try up.finish()
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
        }
        #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1, "other-1": 1])
    }

    @Test func twoDirectoriesOfOneNameAreTwoStacks() throws {
        let stack = try StackFixture("name: NAME\n" + Self.steady)
        try stack.write("name: \(stack.project)\n" + Self.steady)
        let second = try TemporaryDirectory()
        try makeSymbolicLink(to: TestFiles.rootfs, at: "\(second.path)/rootfs")
        let file = try second.write(
            "stack.yaml",
            "name: \(stack.project)\nservices:\n  app: {rootfs: rootfs, stop_signal: KILL, command: [sleep, \"1\"]}\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let before = try stack.firstProcesses()
        for command in [
            ["up", "-d"], ["down"], ["stop"], ["restart"], ["kill"], ["start"], ["pause"], ["rm", "-f", "-s"],
            ["scale", "app=2"], ["create"],
        ] {
            let outcome = try Program.compose.run(["-f", file] + command, environment: stack.environment)
            #expect(outcome.exitCode == 1, "\(command)")
            #expect(outcome.errors.contains(stack.directory.path), "\(command): \(outcome.errors)")
        }
        #expect(try stack.firstProcesses() == before)
    }

    /// While the disk under journal and logs is full everything goes on, and once there is room nothing is the worse for it.
    @Test func aFullDiskStopsNobody() throws {
        let disk = try DetachedMount(fileSystem: "tmpfs", options: "size=4m,mode=700", flags: []).intoDescriptor()
        let root = "/proc/\(ownProcessID)/fd/\(disk.number)"
        // Without overlays: not every kernel makes one of a file system that is not mounted anywhere.
        let stack = try StackFixture(
            """
            services:
              counter:
                rootfs: {path: rootfs, overlay: false}
                stop_signal: KILL
                restart: always
                command: [sh, -c, "i=0; while true; do i=$$((i+1)); echo $$i; sleep 0.01; done"]
              app: {rootfs: {path: rootfs, overlay: false}, stop_signal: KILL, restart: always, command: [sleep, "600"]}
            """, dataBase: "\(root)/data")
        defer { _ = try? stack.compose("down") }
        let up = try stack.compose("up", "-d")
        #expect(up.exitCode == 0, "\(up.errors)")
        let counter = try stack.processID(of: "counter-1")
        let hog = try FileDescriptor.open("\(root)/hog", [.write, .create], mode: 0o600)
        let block = [UInt8](repeating: 1, count: 4096)
        while (try? hog.writeAll(block)) != nil {}

        let killed = try stack.processID(of: "app-1")
        try ProcessHandle(opening: killed).send(.kill)
        #expect(try stack.eventually { try stack.firstProcesses()["app-1"].map { $0 != [killed] } == true })
        #expect(try stack.compose("restart", "app").exitCode == 0)
        #expect(try stack.firstProcesses()["counter-1"] == [counter])
        try stack.killSupervisor()
        let again = try stack.compose("up", "-d")
        #expect(again.exitCode == 0, "\(again.errors)")
        #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1, "counter-1": 1])
        #expect(try stack.firstProcesses()["counter-1"] == [counter])

        try hog.setSize(0)
        let seen = try stack.logNumbers(of: "counter").last?.number ?? 0
        #expect(try stack.eventually { (try stack.logNumbers(of: "counter").last?.number ?? 0) > seen + 50 })
        var next: Int?
        for line in try stack.logNumbers(of: "counter") {
            #expect(next == nil || line.number == next)
            next = line.number + max(line.lost, 1)
        }
        // What has changed meanwhile is written down now.
        let app = try #require(try stack.firstProcesses()["app-1"]?.first)
        #expect(try stack.eventually { try stack.states()["app-1"] == "running" })
        #expect(try stack.processID(of: "app-1") == app)
        try stack.killSupervisor()
        #expect(try stack.compose("up", "-d").errors.split(separator: "\n").allSatisfy { $0.hasSuffix("unchanged") })
        #expect(try stack.firstProcesses()["app-1"] == [app])
    }

    @Test func whatIsScaledAwayAndWantedAgainAtOnceIsThereOnce() throws {
        let stack = try StackFixture(
            """
            services:
              web: {rootfs: rootfs, stop_grace_period: 1s, command: [sh, -c, "trap '' TERM; while true; do sleep 9; done"]}
            """)
        #expect(try stack.compose("up", "-d", "--scale", "web=3").exitCode == 0)
        let first = try #require(try stack.firstProcesses()["web-1"])
        let fewer = try stack.start("scale", "web=1")
        #expect(try fewer.waitForErrors("web-3  stopping"))
        #expect(try stack.compose("scale", "web=3").exitCode == 0)
        _ = try fewer.finish()
        #expect(try stack.firstProcesses().mapValues(\.count) == ["web-1": 1, "web-2": 1, "web-3": 1])
        #expect(try stack.firstProcesses()["web-1"] == first)
        #expect(try stack.compose("down", "-t", "0").exitCode == 0)
    }

    @Test func whatIsReplacedIsSoWhateverElseIsAskedFor() throws {
        let stack = try StackFixture(
            """
            services:
              web: {rootfs: rootfs, stop_grace_period: 2s, command: [sh, -c, "trap '' TERM; while true; do sleep 9; done"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        for others in [["up", "-d"], ["start"], ["restart"]] {
            let before = try #require(try stack.firstProcesses()["web-1"])
            let again = try stack.start("up", "-d", "--force-recreate")
            #expect(try again.waitForErrors("web-1  stopping"))
            let other = try Program.compose.run(
                ["-f", stack.file, "-p", stack.project] + others, environment: stack.environment, timeout: .seconds(30))
            #expect(other.exitCode == 0, "\(others): \(other.errors)")
            #expect(try again.finish(timeout: .seconds(30)).exitCode == 0, "\(others)")
            let after = try stack.firstProcesses()["web-1"]
            #expect(after?.count == 1 && after != before, "\(others)")
        }
        #expect(try stack.compose("down", "-t", "0").exitCode == 0)
    }

    @Test func whatIsTakenAwayTogetherStopsInItsOrder() throws {
        let stack = try StackFixture(
            UpDownTests.steady + "  c: {rootfs: rootfs, stop_signal: KILL, command: [sleep, \"9\"]}\n")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let down = try stack.compose("down", "a", "b")
        #expect(down.exitCode == 0)
        let order = ["b-1  stopping", "b-1  stopped", "a-1  stopping", "a-1  stopped"]
        #expect(down.errors.split(separator: "\n").map(String.init).filter(order.contains) == order)
    }

    @Test func aDownWhoseSupervisorIsKilledStillStopsInOrder() throws {
        let stack = try StackFixture(
            """
            services:
              db: {rootfs: rootfs, volumes: [".:/here"], command: [sh, -c, "trap 'echo db >>/here/ends; exit 0' TERM; while true; do sleep 9 & wait; done"]}
              web:
                rootfs: rootfs
                depends_on: [db]
                volumes: [".:/here"]
                command: [sh, -c, "trap 'sleep 1; echo web >>/here/ends; exit 0' TERM; while true; do sleep 9 & wait; done"]
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let down = try stack.start("down")
        #expect(try down.waitForErrors("web-1  stopping"))
        try stack.killSupervisor()
        #expect(try down.finish().exitCode == 0)
        #expect(try readText("\(stack.directory.path)/ends") == "web\ndb\n")
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func whoWaitsForWhatSomebodyStopsIsToldSo() throws {
        let stack = try StackFixture(
            """
            services:
              web: {rootfs: rootfs, command: [sleep, "600"], depends_on: {db: {condition: service_healthy}}}
              db:
                rootfs: rootfs
                stop_signal: KILL
                command: [sleep, "600"]
                healthcheck: {test: [CMD, "false"], interval: 100ms, retries: 10000}
            """)
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { try stack.row(of: "web-1")["STATE"] == "waiting" })
        #expect(try stack.eventually { try stack.row(of: "db-1")["STATE"] == "running" })
        #expect(try stack.compose("stop", "db").exitCode == 0)
        let outcome = try up.finish()
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("web-1  failed: db-1, which it depends on, is stopped"), "\(outcome.errors)")
    }
}
