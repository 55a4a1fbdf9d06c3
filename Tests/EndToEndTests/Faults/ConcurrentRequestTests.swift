import Linux
import Testing

/// What several commands at once, or one in the middle of another, make of a stack.
@Suite("A stack that several change", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ConcurrentRequestTests {
    @Test func severalUpsAtOnceMakeOneStack() throws {
        let stack = try StackFixture(StackFixture.steady)
        let ups = try (0..<4).map { _ in try stack.start("up", "-d") }
        for up in ups {
            let outcome = try up.finish()
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
        }
        #expect(try stack.firstProcesses().mapValues(\.count) == ["app-1": 1, "other-1": 1])
    }

    @Test func twoDirectoriesOfOneNameAreTwoStacks() throws {
        let stack = try StackFixture("name: NAME\n" + StackFixture.steady)
        try stack.write("name: \(stack.project)\n" + StackFixture.steady)
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
}
