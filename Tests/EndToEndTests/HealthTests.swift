import Linux
import Testing

@Suite("Health", .enabled(if: TestFiles.isRoot, "containers need root"))
struct HealthTests {
    /// A service that others wait for, and one that waits and tells what it saw.
    private func stack(_ db: String) throws -> StackFixture {
        let stack = try StackFixture("")
        try makeDirectory("\(stack.directory.path)/shared")
        try stack.write(
            """
            services:
              web:
                rootfs: rootfs
                depends_on: {db: {condition: service_healthy}}
                volumes: ["./shared:/shared"]
                command: [sh, -c, "test -e /shared/ready && touch /shared/in-order; exec sleep 600"]
              db:
                rootfs: rootfs
                volumes: ["./shared:/shared"]
            \(db.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
            """)
        return stack
    }

    private func exists(_ name: String, _ stack: StackFixture) -> Bool {
        (try? readFile("\(stack.directory.path)/shared/\(name)")) != nil
    }

    /// In each of these the service is of use only after it has made `ready`.
    @Test(
        "others wait until it is healthy",
        arguments: [
            """
            command: [sh, -c, "sleep 0.5; touch /shared/ready; exec sleep 600"]
            healthcheck: {test: [CMD, test, -e, /shared/ready], start_period: 1m, start_interval: 100ms}
            """,
            """
            command: [sh, -c, "sleep 0.5; touch /shared/ready; exec sleep 600"]
            healthcheck: {test: test -e /shared/ready && echo fine, interval: 100ms, retries: 1000}
            """,
            """
            network_mode: none
            command: [sh, -c, "sleep 0.5; touch /shared/ready; mkdir /www; exec httpd -f -p 127.0.0.1:80 -h /www"]
            x-gocker: {ready: {tcp: 80}}
            """,
            """
            network_mode: none
            command: [sh, -c, "mkdir /www; (sleep 0.5; touch /shared/ready /www/ok) & exec httpd -f -p 80 -h /www"]
            x-gocker: {ready: {http: 80/ok}}
            """,
            """
            command: [sh, -c, "sleep 0.5; touch /shared/ready /root/here; exec sleep 600"]
            x-gocker: {ready: {file: /root/here}}
            """,
            """
            command: [sh, -c, "echo starting; sleep 0.5; touch /shared/ready; echo ready on 80; exec sleep 600"]
            x-gocker: {ready: {log: "^ready on [0-9]+$$"}}
            """,
        ]
    )
    func othersWait(db: String) throws {
        let stack = try stack(db)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.eventually { exists("in-order", stack) })
    }

    @Test func whatSaysItselfThatItIsReadyHasASocketForThat() throws {
        let stack = try stack(
            """
            command: [sh, -c, "test -S $$NOTIFY_SOCKET && touch /shared/socket; exec sleep 600"]
            x-gocker: {ready: {notify: true}}
            """)
        let up = try stack.start("up", "-d")
        #expect(try stack.eventually { exists("socket", stack) })
        #expect(!exists("in-order", stack))
        #expect(try stack.compose("down").exitCode == 0)
        _ = try up.finish()
    }

    @Test func aTestThatIsLateIsKilledWithAllItHasStarted() throws {
        let stack = try stack(
            """
            command: [sleep, "600"]
            healthcheck: {test: "setsid sleep 599 & sleep 599", interval: 100ms, timeout: 300ms, retries: 2}
            """)
        #expect(try stack.compose("up", "-d").exitCode != 0)
        // Nothing of it is left beside the service for longer than the next test takes.
        #expect(try stack.eventually { try stack.compose("top", "db").output.split(separator: "\n").count < 4 })
        #expect(!exists("in-order", stack))
    }

    @Test func whatIsUnhealthyIsStartedAgainWhereItSaysSo() throws {
        let stack = try StackFixture("")
        try makeDirectory("\(stack.directory.path)/shared")
        try stack.write(
            """
            services:
              db:
                rootfs: rootfs
                volumes: ["./shared:/shared"]
                stop_signal: KILL
                command: [sh, -c, "echo run >>/shared/runs; exec sleep 600"]
                healthcheck: {test: "test $$(wc -l </shared/runs) -ge 3", interval: 100ms, retries: 2}
                x-gocker: {on_unhealthy: restart}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(
            try stack.eventually {
                (try? readText("\(stack.directory.path)/shared/runs").split(separator: "\n").count) == 3
            })
    }

    @Test func hooksRunAfterTheStartAndBeforeTheStop() throws {
        let stack = try StackFixture("")
        try makeDirectory("\(stack.directory.path)/shared")
        try stack.write(
            """
            services:
              db:
                rootfs: rootfs
                volumes: ["./shared:/shared"]
                environment: {WHO: service}
                command: [sh, -c, "trap 'echo stopped >>/shared/log; exit' TERM; while :; do sleep 0.1; done"]
                post_start:
                  - {command: [sh, -c, "sleep 0.3; echo first $$WHO $$PWD >>/shared/log"], working_dir: /tmp}
                  - {command: [sh, -c, "echo second $$WHO >>/shared/log"], environment: {WHO: hook}}
                pre_stop: [{command: [sh, -c, "sleep 0.3; echo stopping >>/shared/log"]}]
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let log = "\(stack.directory.path)/shared/log"
        #expect(try readText(log) == "first service /tmp\nsecond hook\n")
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try readText(log) == "first service /tmp\nsecond hook\nstopping\nstopped\n")
    }
}
