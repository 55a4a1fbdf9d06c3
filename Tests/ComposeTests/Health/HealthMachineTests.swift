import Linux
import Testing

@testable import Compose

struct HealthMachineTests {
    private static let check = HealthCheck(
        command: ["true"], interval: .seconds(10), timeout: .seconds(3), retries: 3, startInterval: .seconds(2))

    private static func time(_ seconds: Double) -> HealthMachine.Instant {
        HealthMachine.Instant(
            monotonic: MonotonicTime(sinceBoot: .seconds(seconds)),
            wall: WallTime(nanosecondsSinceEpoch: Int64(seconds * 1e9)))
    }

    private static let success = HealthMachine.Event.probeSucceeded(ProbeOutcome(exitCode: 0, "fine"))
    private static let failure = HealthMachine.Event.probeFailed(ProbeOutcome(exitCode: 7, "broken"))

    private static func check(startPeriod: Duration) -> HealthCheck {
        HealthCheck(
            command: ["true"], interval: .seconds(10), timeout: .seconds(3), retries: 2, startPeriod: startPeriod,
            startInterval: .seconds(2))
    }

    @Test func theFirstTestComesAfterOneIntervalAndEachFurtherOneAfterTheEndOfTheLast() {
        var machine = HealthMachine(Self.check)
        #expect(machine.handle(.started, at: Self.time(0)) == [.arm(.seconds(10)), .changed(.starting)])
        #expect(machine.handle(.deadline, at: Self.time(10)) == [.startProbe, .arm(.seconds(3))])
        #expect(
            machine.handle(Self.success, at: Self.time(11)) == [.disarm, .arm(.seconds(10)), .changed(.healthy)])
        #expect(machine.handle(.deadline, at: Self.time(21)) == [.startProbe, .arm(.seconds(3))])
        #expect(machine.handle(Self.success, at: Self.time(22)) == [.disarm, .arm(.seconds(10))])
        #expect(machine.status == .healthy)
    }

    @Test func asManyFailuresInARowAsRetriesMakeItUnhealthyAndOneSuccessHealthyAgain() {
        var machine = HealthMachine(Self.check)
        _ = machine.handle(.started, at: Self.time(0))
        var changes: [HealthMachine.Action] = []
        for round in 1...5 {
            _ = machine.handle(.deadline, at: Self.time(Double(round) * 10))
            let event = round == 2 ? Self.success : Self.failure
            changes += machine.handle(event, at: Self.time(Double(round) * 10 + 1)).filter {
                if case .changed = $0 { true } else { false }
            }
        }
        #expect(changes == [.changed(.healthy), .changed(.unhealthy)])
        #expect(machine.failingStreak == 3)
        _ = machine.handle(.deadline, at: Self.time(70))
        #expect(machine.handle(Self.success, at: Self.time(71)).last == .changed(.healthy))
        #expect(machine.failingStreak == 0)
    }

    @Test func failuresWithinTheStartPeriodDoNotCount() {
        var machine = HealthMachine(Self.check(startPeriod: .seconds(5)))
        #expect(machine.handle(.started, at: Self.time(0)).first == .arm(.seconds(2)))
        for second in [2.0, 4.5] {
            _ = machine.handle(.deadline, at: Self.time(second))
            _ = machine.handle(Self.failure, at: Self.time(second + 1))
            #expect(machine.failingStreak == 0)
        }
        // The last one began within the period, but ended behind it: from now on the usual interval.
        #expect(machine.handle(.deadline, at: Self.time(15.5)) == [.startProbe, .arm(.seconds(3))])
        #expect(machine.handle(Self.failure, at: Self.time(16)) == [.disarm, .arm(.seconds(10))])
        #expect(machine.failingStreak == 1)
        _ = machine.handle(.deadline, at: Self.time(26))
        #expect(machine.handle(Self.failure, at: Self.time(26)).last == .changed(.unhealthy))
    }

    @Test func aSuccessEndsTheStartPeriod() {
        var machine = HealthMachine(Self.check(startPeriod: .seconds(60)))
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.deadline, at: Self.time(2))
        #expect(machine.handle(Self.success, at: Self.time(2)).contains(.arm(.seconds(10))))
        for second in [12.0, 22.0] {
            _ = machine.handle(.deadline, at: Self.time(second))
            _ = machine.handle(Self.failure, at: Self.time(second))
        }
        #expect(machine.status == .unhealthy)
    }

    @Test func aLateTestIsKilledAndCountsAsAFailure() {
        var machine = HealthMachine(Self.check)
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.deadline, at: Self.time(10))
        #expect(machine.handle(.deadline, at: Self.time(13)) == [.killProbe])
        #expect(machine.handle(.probeTimedOut(Array("half".utf8)), at: Self.time(13)) == [.arm(.seconds(10))])
        #expect(machine.failingStreak == 1)
        let outcome = machine.results.last?.outcome
        #expect(outcome?.exitCode == -1)
        #expect(outcome?.output == "Health check exceeded timeout (3s): half")
    }

    @Test func aTestThatSucceedsTooLateHasFailed() {
        var machine = HealthMachine(Self.check)
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.deadline, at: Self.time(10))
        _ = machine.handle(.deadline, at: Self.time(13))
        #expect(machine.handle(Self.success, at: Self.time(13)) == [.arm(.seconds(10))])
        #expect(machine.failingStreak == 1)
    }

    @Test func theEndOfTheServiceEndsTheTestAndARestartBeginsAnew() {
        var machine = HealthMachine(Self.check)
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.deadline, at: Self.time(10))
        #expect(machine.handle(.stopped, at: Self.time(11)) == [.killProbe, .disarm, .changed(.none)])
        #expect(machine.handle(Self.success, at: Self.time(11)) == [])
        #expect(machine.handle(.started, at: Self.time(20)) == [.arm(.seconds(10)), .changed(.starting)])
        #expect(machine.results.isEmpty)
    }

    @Test func theLastFiveResultsAreKept() {
        var machine = HealthMachine(Self.check)
        _ = machine.handle(.started, at: Self.time(0))
        for round in 1...7 {
            _ = machine.handle(.deadline, at: Self.time(Double(round)))
            let outcome = ProbeOutcome(exitCode: Int32(round), "")
            _ = machine.handle(.probeFailed(outcome), at: Self.time(Double(round) + 0.5))
        }
        #expect(machine.results.map(\.outcome.exitCode) == [3, 4, 5, 6, 7])
        #expect(machine.results.last?.start == Self.time(7).wall)
        #expect(machine.results.last?.end == Self.time(7.5).wall)
    }

    @Test func outputIsCutAt4096Bytes() {
        let whole = ProbeOutcome(exitCode: 0, output: [UInt8](repeating: 0x61, count: 4096))
        #expect(whole.output.utf8.count == 4096)
        let cut = ProbeOutcome(exitCode: 0, output: [UInt8](repeating: 0x61, count: 4097))
        #expect(cut.output == whole.output + "...")
    }

    @Test func nothingIsTestedWhileTheServiceIsPaused() {
        var machine = HealthMachine(Self.check)
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.deadline, at: Self.time(10))
        #expect(machine.handle(.paused, at: Self.time(11)) == [.killProbe, .disarm])
        #expect(machine.handle(.probeTimedOut([]), at: Self.time(11)) == [])
        #expect(machine.handle(.unpaused, at: Self.time(100)) == [.arm(.seconds(10))])
        #expect(machine.failingStreak == 0)
        #expect(machine.status == .starting)
    }

    @Test func anotherSupervisorGoesOnWhereTheFirstOneWas() {
        var machine = HealthMachine(Self.check)
        #expect(
            machine.resume(.healthy, failingStreak: 2, startedAt: Self.time(0).monotonic) == [.arm(.zero)])
        _ = machine.handle(.deadline, at: Self.time(100))
        #expect(machine.handle(Self.failure, at: Self.time(100)).last == .changed(.unhealthy))
    }

    /// Whatever happens in whatever order: at most one test at a time, the timer runs exactly when somebody waits for
    /// it, and what is told adds up to what is.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func randomWalksKeepTheInvariants(seed: UInt64) {
        var random = SplitMix(state: seed)
        var machine = HealthMachine(Self.check(startPeriod: .seconds(Int64(random.next() % 3) * 20)))
        var clock = 0.0
        var probes = 0
        var isArmed = false
        var told = HealthStatus.none
        for _ in 0..<400 {
            clock += Double(random.next() % 8000) / 1000
            var events: [HealthMachine.Event] = [.started, .stopped, Self.success, Self.failure, .probeTimedOut([1])]
            // A test that runs or is to be killed ends some day; one that is not there may still be heard of.
            events += [Self.success, Self.failure, .deadline, .deadline, .paused, .unpaused]
            let event = events[Int(random.next() % UInt64(events.count))]
            if event == .deadline {
                guard isArmed else { continue }
                isArmed = false
            }
            let before = machine
            if before.state.isProbing {
                switch event {
                case .probeSucceeded, .probeFailed, .probeTimedOut: probes -= 1
                case .started, .stopped, .paused, .unpaused, .deadline: break
                }
            }
            let isEnd = event == .stopped || event == .paused
            for action in machine.handle(event, at: Self.time(clock)) {
                switch action {
                case .startProbe: probes += 1
                case .killProbe: if isEnd { probes -= 1 }
                case .arm: isArmed = true
                case .disarm: isArmed = false
                case .changed(let status): told = status
                }
            }
            if case .overdue = before.state, isEnd { probes -= 1 }
            #expect((0...1).contains(probes), "after \(event) in \(before.state)")
            #expect(machine.state.isProbing == (probes == 1), "after \(event) in \(before.state)")
            #expect(told == machine.status, "after \(event) in \(before.state)")
            switch machine.state {
            case .waiting, .probing: #expect(isArmed, "after \(event) in \(before.state)")
            case .stopped, .overdue, .paused: #expect(!isArmed, "after \(event) in \(before.state)")
            }
            #expect((machine.status == .none) == (machine.state == .stopped))
            #expect(machine.results.count <= HealthMachine.resultLimit)
            if machine.status == .unhealthy { #expect(machine.failingStreak >= 2) }
        }
    }
}

extension HealthMachine.State {
    fileprivate var isProbing: Bool {
        switch self {
        case .probing, .overdue: true
        case .stopped, .waiting, .paused: false
        }
    }
}
