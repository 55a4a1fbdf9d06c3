import Linux
import Runtime
import Testing

@testable import Compose

/// The monitor with everything that needs no container.
@Suite("Health of instances", .enabled(if: effectiveUserID == 0, "namespaces need root"))
struct HealthMonitorTests {
    private final class Fixture {
        let monitor: HealthMonitor
        let process: ServiceProcess
        let directory: StackDirectory
        let instance: InstanceName
        var service: Service { process.target.service }
        var events: [HealthEvent.Kind] = []

        init(_ script: String, ready: String) throws {
            process = try ServiceProcess(script, ready: ready)
            let project = try #require(ProjectName("demo"))
            directory = StackDirectory(
                project, runBase: "\(process.directory)/run", dataBase: "\(process.directory)/data")
            try directory.create()
            monitor = try HealthMonitor(directory, layout: CgroupLayout.usable())
            instance = InstanceName(process.target.service.name)
        }

        func prepare() throws -> ContainerRequest {
            var request = ContainerRequest(root: RootSpec(path: "/"), command: ["x"], hostname: "x")
            try monitor.prepare(instance, service, &request)
            return request
        }

        func spawned(cgroup: Cgroup = Cgroup(existing: [])) throws {
            try monitor.spawned(instance, service, process: process.handle, cgroup: cgroup)
        }

        /// Does what the supervisor's loop does, until there is nothing to wait for or `condition` holds.
        func run(within timeout: Duration = .seconds(20), until condition: () -> Bool) throws {
            let end = MonotonicTime.now + timeout
            let poller = try Poller()
            try monitor.join(poller, token: 1)
            while true {
                events += monitor.takeEvents().map(\.kind)
                if condition() || .now >= end { return }
                let deadline = min(monitor.nextDeadline ?? end, end)
                if !(try poller.wait(timeout: max(.zero, deadline - .now))).isEmpty { try monitor.handleReady() }
                monitor.handleDeadlines(at: .now)
            }
        }

        var isReady: Bool { events.contains(.ready) }
    }

    @Test func itBecomesHealthyWhenItListens() throws {
        let fixture = try Fixture(
            "busybox sleep 0.3; mkdir /www; exec busybox httpd -f -p 127.0.0.1:80 -h /www", ready: "{tcp: 80}")
        try fixture.spawned()
        fixture.monitor.started(fixture.instance)
        try fixture.run { fixture.isReady }
        #expect(fixture.events == [.changed(.starting), .ready, .changed(.healthy)])
        #expect(fixture.monitor.nextDeadline == nil)
        #expect(fixture.monitor.report(of: fixture.instance)?.isReady == true)
        fixture.monitor.stopped(fixture.instance)
        #expect(fixture.monitor.report(of: fixture.instance) == nil)
        #expect(fixture.monitor.takeEvents().isEmpty)
    }

    @Test func whyItIsNotReadyIsKnown() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{tcp: 80, interval: 5ms}")
        try fixture.spawned()
        fixture.monitor.started(fixture.instance)
        // Its network is up a moment after the process is there.
        try fixture.run {
            fixture.monitor.report(of: fixture.instance)?.lastFailure?.hasSuffix("Network is unreachable") == false
        }
        let report = fixture.monitor.report(of: fixture.instance)
        #expect(report?.lastFailure == "cannot connect to 127.0.0.1:80: Connection refused")
        #expect(report?.status == .starting)
    }

    @Test func aLineOfTheLogMakesItReady() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{log: \"^ready on [0-9]+\"}")
        func look(at lines: String...) {
            for line in lines {
                Array(line.utf8).withUnsafeBytes { fixture.monitor.look(at: $0, of: fixture.instance) }
            }
        }
        try fixture.spawned()
        fixture.monitor.started(fixture.instance)
        #expect(fixture.monitor.wantsLines(of: fixture.instance))
        look(at: "starting", "not ready on 80")
        try fixture.run(within: .zero) { false }
        #expect(fixture.events == [.changed(.starting)])
        look(at: "x", "ready on 80")
        try fixture.run(within: .zero) { false }
        #expect(fixture.events == [.changed(.starting), .ready, .changed(.healthy)])
        #expect(!fixture.monitor.wantsLines(of: fixture.instance))
    }

    @Test func whatIsSaidBeforeTheStartIsKnownIsHeard() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{log: ready}")
        try fixture.spawned()
        Array("ready".utf8).withUnsafeBytes { fixture.monitor.look(at: $0, of: fixture.instance) }
        #expect(fixture.monitor.takeEvents().isEmpty)
        fixture.monitor.started(fixture.instance)
        try fixture.run(within: .zero) { false }
        #expect(fixture.events == [.changed(.starting), .ready, .changed(.healthy)])
    }

    @Test func aServiceSaysItselfThatItIsReady() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{notify: true}")
        let request = try fixture.prepare()
        #expect(request.environment.last?.value == "/dev/gocker/notify")
        #expect(request.mounts.last?.destination == "/dev/gocker")
        let socket = "\(fixture.directory.notify(of: fixture.instance))/notify"
        // It may be faster than the news that it runs.
        try sendDatagram(Array("STATUS=loading\nMAINPID=1\n".utf8), to: socket)
        try fixture.spawned()
        fixture.monitor.started(fixture.instance)
        try fixture.run { fixture.events.contains(.said("loading")) }
        #expect(!fixture.isReady)
        try sendDatagram(Array("READY=1\nSTATUS=fine".utf8), to: socket)
        try fixture.run { fixture.events.contains(.said("fine")) }
        #expect(fixture.isReady)
        #expect(fixture.monitor.report(of: fixture.instance)?.said == "fine")
    }

    @Test func nobodyElseSaysIt() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{notify: true}")
        _ = try fixture.prepare()
        let elsewhere = CgroupPlace(mount: "/sys/fs/cgroup", path: "gocker-demo/web-1.1-1", isUnified: true)
        try fixture.spawned(cgroup: Cgroup(existing: [elsewhere]))
        fixture.monitor.started(fixture.instance)
        let socket = "\(fixture.directory.notify(of: fixture.instance))/notify"
        try sendDatagram(Array("READY=1".utf8), to: socket)
        try fixture.run(within: .milliseconds(300)) { fixture.isReady }
        #expect(!fixture.isReady)
    }

    @Test func anotherSupervisorHearsWhatComesAfterIt() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{notify: true}")
        _ = try fixture.prepare()
        try fixture.spawned()
        fixture.monitor.started(fixture.instance)
        let report = try #require(fixture.monitor.report(of: fixture.instance))
        try fixture.monitor.resumed(
            fixture.instance, fixture.service, process: fixture.process.handle, cgroup: Cgroup(existing: []),
            startedAt: .now, report: report)
        try sendDatagram(
            Array("READY=1".utf8), to: "\(fixture.directory.notify(of: fixture.instance))/notify")
        try fixture.run { fixture.isReady }
        #expect(fixture.isReady)
    }

    @Test func whatWasReadyStaysReadyUnderAnotherSupervisor() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{tcp: 80}")
        let report = HealthReport(
            status: .healthy, checkStatus: .none, failingStreak: 0, isReady: true, results: [], lastFailure: nil,
            said: "x")
        try fixture.monitor.resumed(
            fixture.instance, fixture.service, process: fixture.process.handle, cgroup: Cgroup(existing: []),
            startedAt: .now, report: report)
        try fixture.run(within: .zero) { false }
        #expect(fixture.events == [])
        #expect(fixture.monitor.nextDeadline == nil)
        #expect(fixture.monitor.report(of: fixture.instance) == report)
    }

    @Test func nothingIsAskedOfWhatIsPaused() throws {
        let fixture = try Fixture("exec busybox sleep 600", ready: "{tcp: 80}")
        try fixture.spawned()
        fixture.monitor.started(fixture.instance)
        fixture.monitor.paused(fixture.instance)
        #expect(fixture.monitor.nextDeadline == nil)
        fixture.monitor.unpaused(fixture.instance)
        #expect(fixture.monitor.nextDeadline != nil)
    }
}
