import Linux
import OrderedCollections
import Testing

@testable import Compose

/// What a stack file says about health, schedules and hooks.
struct HealthModelTests {
    private func web(_ keys: String) throws -> Service {
        let result = load(text(keys))
        #expect(result.diagnostics.map(\.summary) == [])
        return try #require(result.stack?.services.values.first)
    }

    private func text(_ keys: String) -> String {
        "name: a\nservices:\n  web:\n    rootfs: rootfs\n    command: sleep 1\n    \(keys)\n"
    }

    @Test func aHealthCheckHasDockersDefaults() throws {
        let check = try #require(try web("healthcheck: {test: [CMD, check, -x]}").health.check)
        #expect(
            check
                == HealthCheck(
                    command: ["check", "-x"], interval: .seconds(30), timeout: .seconds(30), retries: 3,
                    startPeriod: .zero, startInterval: .seconds(5)))
    }

    @Test func allOfAHealthCheckIsRead() throws {
        let check = try #require(
            try web(
                "healthcheck: {test: curl -f x || exit 1, interval: 1m30s, timeout: 10s, retries: 5, "
                    + "start_period: 40s, start_interval: 500ms}"
            ).health.check)
        #expect(
            check
                == HealthCheck(
                    command: ["/bin/sh", "-c", "curl -f x || exit 1"], interval: .seconds(90), timeout: .seconds(10),
                    retries: 5, startPeriod: .seconds(40), startInterval: .milliseconds(500)))
        #expect(try web("healthcheck: {test: [CMD-SHELL, \"a b\"]}").health.check?.command == ["/bin/sh", "-c", "a b"])
        // As with the Compose tools, none stands for the default.
        let zero = try web("healthcheck: {test: x, interval: 0s, timeout: 0s, retries: 0, start_interval: 0s}")
        #expect(zero.health.check == HealthCheck(command: ["/bin/sh", "-c", "x"]))
    }

    @Test(arguments: ["{test: [NONE]}", "{disable: true}", "{disable: true, test: [CMD, x]}"])
    func aHealthCheckCanBeTurnedOff(check: String) throws {
        #expect(try web("healthcheck: \(check)").health == ServiceHealth())
    }

    @Test(
        arguments: [
            ("ready: {tcp: 8080}", Readiness.Sign.tcp(Endpoint(port: 8080))),
            ("ready: {tcp: \"10.0.0.1:80\"}", .tcp(Endpoint(address: "10.0.0.1", port: 80))),
            ("ready: {tcp: \"[::1]:80\"}", .tcp(Endpoint(address: "::1", port: 80))),
            ("ready: {tcp: \"localhost:80\"}", .tcp(Endpoint(port: 80))),
            ("ready: {http: 8080}", .http(HTTPTarget(Endpoint(port: 8080), path: "/"))),
            ("ready: {http: 8080/health?a=b}", .http(HTTPTarget(Endpoint(port: 8080), path: "/health?a=b"))),
            ("ready: {http: \"http://[::1]/x\"}", .http(HTTPTarget(Endpoint(address: "::1", port: 80), path: "/x"))),
            (
                "ready: {http: \"http://10.0.0.1:81\"}",
                .http(HTTPTarget(Endpoint(address: "10.0.0.1", port: 81), path: "/"))
            ),
            ("ready: {unix: /run/s}", .unix("/run/s")),
            ("ready: {file: /run/f}", .file("/run/f")),
            ("ready: {log: \"^ready( to|$)\"}", .log("^ready( to|$)")),
            ("ready: {notify: true}", .notify),
            ("x-gocker: {ready: {tcp: 8080, notify: false}}", .tcp(Endpoint(port: 8080))),
        ]
    )
    func readinessIsRead(keys: String, sign: Readiness.Sign) throws {
        #expect(try web(keys).health.readiness == Readiness(sign))
    }

    @Test func readinessHasItsOwnTimes() throws {
        let readiness = try web("ready: {file: /x, interval: 200ms, timeout: 1s}").health.readiness
        #expect(readiness == Readiness(.file("/x"), interval: .milliseconds(200), timeout: .seconds(1)))
    }

    @Test func theRestIsRead() throws {
        let service = try web(
            """
            healthcheck: {test: x}
                on_unhealthy: restart
                schedule: {cron: "30 2 * * mon", timezone: UTC, missed: run}
                post_start: [{command: [a, b]}]
                pre_stop:
                  - {command: "c d", user: nobody, working_dir: /tmp/.., environment: {A: b}}
            """)
        #expect(service.health.onUnhealthy == .restart)
        #expect(service.schedule?.cron.text == "30 2 * * mon")
        #expect(service.schedule?.timeZone == "UTC")
        #expect(service.schedule?.missed == .run)
        #expect(service.hooks.postStart.map(\.command) == [["a", "b"]])
        let stop = try #require(service.hooks.preStop.first)
        #expect(stop.command == ["c", "d"])
        #expect(stop.user == "nobody")
        #expect(stop.workingDirectory == "/")
        #expect(stop.environment == ["A": "b"])
        #expect(try web("schedule: \"@hourly\"").schedule?.missed == .skip)
    }

    @Test func hooksBeforeAStartMayHaveARootFileSystemOfTheirOwn() throws {
        let hooks = try web(
            """
            pre_start:
                  - {command: [sleep, b], user: nobody, per_replica: true}
                  - {command: sleep, rootfs: rootfs}
                  - {command: sleep, x-gocker: {rootfs: {path: rootfs, overlay: false}}}
            """
        ).hooks.preStart
        #expect(hooks.map(\.hook.command) == [["sleep", "b"], ["sleep"], ["sleep"]])
        #expect(hooks.map(\.isPerReplica) == [true, false, false])
        #expect(hooks[0].rootfs == nil && hooks[0].hook.user == "nobody")
        #expect(hooks[1].rootfs == (try web("tty: false").rootfs))
        #expect(hooks[2].rootfs == Rootfs(path: "/stacks/rootfs", overlay: false))
        #expect(
            load(text("pre_start: [{command: sleep, x-gocker: {roots: y}}]")).diagnostics.map(\.summary) == [
                "unknown key \"roots\" in \"x-gocker\" of a \"pre_start\" of service \"web\" (did you mean \"rootfs\"?)"
            ])
    }

    @Test func variablesOfAHookAreTakenFromTheEnvironment() throws {
        let result = load(text("pre_stop: [{command: x, environment: [A, B]}]"), environment: ["A": "1"])
        #expect(result.stack?.services.values.first?.hooks.preStop.first?.environment == ["A": "1"])
    }

    @Test func canonicalTextGivesAnEqualStackAgain() throws {
        let keys = """
            healthcheck: {test: x, retries: 2}
                x-gocker:
                  ready: {log: "a$$", interval: 1s}
                  on_unhealthy: stop
                  schedule: "*/5 * * * *"
                pre_stop: [{command: x}]
            """
        let stack = try #require(load(text(keys)).stack)
        #expect(stack.canonicalYAML.contains("log: a$$"))
        let again = load(stack.canonicalYAML, purpose: .restore)
        #expect(again.diagnostics.map(\.summary) == [])
        #expect(again.stack == stack)
        let services = [stack, try #require(again.stack)].compactMap(\.services.values.first)
        #expect(services.count == 2)
        #expect(services.first?.health == services.last?.health)
        #expect(services.first?.health.readiness?.sign == .log("a$"))
        #expect(services.first?.schedule == services.last?.schedule)
        #expect(services.first?.hooks == services.last?.hooks)
    }

    @Test(
        arguments: [
            (
                "healthcheck: {interval: 1s}",
                "6:18: the health check of service \"web\" has nothing to run; add \"test: [CMD, …]\""
            ),
            (
                "healthcheck: {test: []}",
                "6:25: the test of service \"web\" is empty; write \"test: [CMD, …]\", or NONE for no test"
            ),
            ("healthcheck: {test: [CMD]}", "6:25: the test of service \"web\" has no command behind CMD"),
            (
                "healthcheck: {test: [curl, x]}",
                "6:26: a health check begins with CMD, CMD-SHELL or NONE, found \"curl\""
            ),
            (
                "healthcheck: {test: x, interval: 1us}",
                "6:38: expected at least 1ms for \"interval\" in \"healthcheck\" of service \"web\", found \"1µs\""
            ),
            (
                "healthcheck: {test: x, retries: -1}",
                "6:37: expected a whole number above 0 for \"retries\" in \"healthcheck\" of service \"web\", found \"-1\""
            ),
            ("ready: {tcpp: 1}", "6:13: unknown key \"tcpp\" in \"ready\" of service \"web\" (did you mean \"tcp\"?)"),
            (
                "ready: {}",
                "6:12: \"ready\" of service \"web\" does not say by what; add one of tcp, http, unix, file, log, notify"
            ),
            (
                "ready: {tcp: 1, file: /x}",
                "6:21: \"ready\" of service \"web\" says tcp and file: choose one; "
                    + "\"ready: !override …\" replaces what an earlier file says"
            ),
            (
                "ready: {tcp: example.com:80}",
                "6:18: expected a port such as 8080 or an address such as 127.0.0.1:8080 for \"tcp\" in \"ready\" "
                    + "of service \"web\", found \"example.com:80\""
            ),
            (
                "ready: {http: \"https://127.0.0.1/\"}",
                "6:19: expected a port and a path such as 8080/health, or a URL such as http://127.0.0.1:8080/health "
                    + "for \"http\" in \"ready\" of service \"web\", found \"https://127.0.0.1/\""
            ),
            (
                "ready: {unix: x}",
                "6:19: expected an absolute path in the service for \"unix\" in \"ready\" of service \"web\", found \"x\""
            ),
            (
                "ready: {log: \"a(\"}",
                "6:18: cannot look for \"a(\" in the log of service \"web\": Unmatched ( or \\("
            ),
            (
                "ready: {log: '\\d'}",
                "6:18: cannot look for \"\\d\" in the log of service \"web\": \\d means nothing in it; write [0-9] or [^0-9]"
            ),
            (
                "on_unhealthy: restart",
                "6:5: service \"web\" has no health check that could find it unhealthy; add \"healthcheck: {test: …}\""
            ),
            (
                "on_unhealthy: reboot",
                "6:19: expected one of none, restart, stop for \"on_unhealthy\" in service \"web\", found \"reboot\""
            ),
            (
                "schedule: 0 25 * * *",
                "6:15: \"0 25 * * *\" is no schedule for service \"web\": expected 0 to 23 for the hour, found \"25\""
            ),
            (
                "pre_stop: [{command: []}]",
                "6:16: a hook of service \"web\" has nothing to run; add \"command: …\" to this item of \"pre_stop\""
            ),
        ]
    )
    func whatIsWrongIsToldWithItsPlace(keys: String, message: String) {
        #expect(summaries(text(keys)) == ["stack.yaml:\(message)"])
    }

    @Test func aScheduledServiceIsNotRestartedAlways() {
        #expect(
            summaries(text("schedule: \"@daily\"\n    restart: always")) == [
                "stack.yaml:7:14: service \"web\" is run by its schedule, so it cannot be restarted always; "
                    + "choose no, on-failure or on-failure:N"
            ])
    }

    @Test func nobodyWaitsForTheHealthOfWhatHasNone() {
        func all(_ db: String, _ required: String = "") -> [String] {
            summaries(
                """
                services:
                  web: {rootfs: rootfs, command: sleep 1, depends_on: {db: {condition: service_healthy\(required)}}}
                  db: {rootfs: rootfs, command: sleep 1, \(db)}
                """)
        }
        let message =
            "stack.yaml:2:72: service \"web\" waits for \"db\" to be healthy, which has neither \"healthcheck\" nor "
            + "\"x-gocker: {ready: …}\"; add one of them, or wait for service_started"
        #expect(all("hostname: x") == [message])
        #expect(all("healthcheck: {disable: true}") == [message])
        #expect(all("healthcheck: {test: [NONE]}") == [message])
        #expect(all("healthcheck: {test: x}") == [])
        #expect(all("x-gocker: {ready: {tcp: 1}}") == [])
        #expect(all("hostname: x", ", required: false") == [])
    }

    @Test func aPatternIsBoundedInWhatItCosts() {
        #expect(LogPattern.problem(in: "a{1,100}") == nil)
        #expect(LogPattern.problem(in: "((a{200}){200}){200}") != nil)
        #expect(LogPattern.problem(in: String(repeating: "a", count: 1_001)) != nil)
        #expect(LogPattern.problem(in: "") != nil)
    }
}
