import Linux
import Testing

/// What may happen to a stack beside a kill of its supervisor in the middle of nothing.
@Suite("A stack in trouble", .enabled(if: TestFiles.isRoot, "containers need root"))
struct SupervisorFaultTests {
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
        let stack = try StackFixture(StackFixture.steady)
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
}
