import Linux
import Testing

@Suite("How many there are of a service", .enabled(if: TestFiles.isRoot, "containers need root"))
struct ScalingTests {
    @Test func isWhatTheFileSaysUntilSomebodySaysOtherwise() throws {
        let stack = try StackFixture(
            "services:\n" + StackFixture.sleeper("back") + StackFixture.sleeper("front", "deploy: {replicas: 2}")
                + StackFixture.sleeper("admin", "scale: 0"))
        func names() throws -> [String] { try stack.states().filter { $0.value == "running" }.keys.sorted() }
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try names() == ["back-1", "front-1", "front-2"])
        let kept = try stack.firstProcesses()["front-1"]
        #expect(try stack.compose("scale", "admin=2").exitCode == 0)
        #expect(try names() == ["admin-1", "admin-2", "back-1", "front-1", "front-2"])
        #expect(try stack.compose("scale", "front=3", "back=2").exitCode == 0)
        #expect(
            try names() == ["admin-1", "admin-2", "back-1", "back-2", "front-1", "front-2", "front-3"])
        #expect(try stack.compose("scale", "admin=1").exitCode == 0)
        #expect(try stack.compose("scale", "admin=0").exitCode == 0)
        #expect(try stack.states().keys.filter { $0.hasPrefix("admin") } == [])
        #expect(try stack.compose("scale", "front=2", "back=1").exitCode == 0)
        #expect(try names() == ["back-1", "front-1", "front-2"])
        #expect(try stack.firstProcesses()["front-1"] == kept)
    }

    @Test func whatHasEndedGoesAlsoBesideADependentThatIsBeingStopped() throws {
        let stack = try StackFixture(
            """
            services:
              job: {rootfs: rootfs, command: "true"}
              app:
                rootfs: rootfs
                depends_on: {job: {condition: service_completed_successfully}}
                command: [sh, -c, "trap 'sleep 1; exit' TERM; while true; do sleep 0.1; done"]
              other: {rootfs: rootfs, stop_signal: KILL, command: [sleep, "600"]}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.compose("scale", "job=2").exitCode == 0)
        let stop = try stack.start("stop", "app")
        #expect(try stack.eventually { try stack.states()["app-1"] == "stopping" })
        #expect(try stack.compose("scale", "job=1").exitCode == 0)
        #expect(try stack.states().keys.sorted() == ["app-1", "job-1", "other-1"])
        #expect(try stop.finish().exitCode == 0)
    }

    @Test func numbersAreGivenAgain() throws {
        let stack = try StackFixture("services:\n" + StackFixture.sleeper("db") + StackFixture.sleeper("other"))
        for (count, expected) in [(2, ["db-1", "db-2"]), (1, ["db-1"]), (2, ["db-1", "db-2"])] {
            #expect(try stack.compose("up", "-d", "--scale", "db=\(count)", "db").exitCode == 0)
            #expect(try stack.states().keys.sorted() == expected)
        }
    }

    @Test func whatIsOutOfDateGoesFirst() throws {
        let yaml = "services:\n" + StackFixture.sleeper("app", "environment: {V: \"1\"}")
        let stack = try StackFixture(yaml)
        #expect(try stack.compose("up", "-d", "--scale", "app=2").exitCode == 0)
        let old = try stack.firstProcesses()
        try stack.write(yaml.replacing("V: \"1\"", with: "V: \"2\""))
        #expect(try stack.compose("up", "-d", "--scale", "app=4", "--no-recreate").exitCode == 0)
        let both = try stack.firstProcesses()
        #expect(both.keys.sorted() == ["app-1", "app-2", "app-3", "app-4"])
        #expect(both["app-1"] == old["app-1"] && both["app-2"] == old["app-2"])
        #expect(try stack.compose("up", "-d", "--scale", "app=2").exitCode == 0)
        #expect(try stack.firstProcesses() == both.filter { ["app-3", "app-4"].contains($0.key) })
    }
}
