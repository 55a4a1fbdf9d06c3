import Linux
import Testing

@testable import Compose

struct InstanceMachineTests {
    private static func time(_ seconds: Double) -> MonotonicTime { MonotonicTime(sinceBoot: .seconds(seconds)) }

    private static func machine(_ policy: RestartPolicy) -> InstanceMachine {
        InstanceMachine(InstanceMachine.Rules(restart: policy, stopGracePeriod: .seconds(10)))
    }

    @Test func itStartsRunsAndStopsWhenAsked() {
        var machine = Self.machine(.no)
        #expect(machine.handle(.wantUp, at: Self.time(0)) == [.spawn])
        #expect(machine.handle(.started, at: Self.time(1)) == [])
        #expect(machine.state == .up(since: Self.time(1)))
        #expect(machine.handle(.wantDown(within: nil), at: Self.time(2)) == [.sendStopSignal, .arm(.seconds(10))])
        #expect(machine.handle(.exited(.exited(0)), at: Self.time(3)) == [.disarm])
        #expect(machine.state == .down)
    }

    @Test func theGracePeriodEndsInAKill() {
        var machine = Self.machine(.always)
        _ = machine.handle(.wantUp, at: Self.time(0))
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.wantDown(within: nil), at: Self.time(1))
        #expect(machine.handle(.deadline, at: Self.time(11)) == [.kill])
        #expect(machine.handle(.exited(.signalled(.kill)), at: Self.time(11)) == [.disarm])
        #expect(machine.state == .down)
    }

    @Test func aStopDuringStartIsRepeatedOnceThePayloadCanHearIt() {
        var machine = Self.machine(.no)
        _ = machine.handle(.wantUp, at: Self.time(0))
        #expect(machine.handle(.wantDown(within: nil), at: Self.time(0)) == [.sendStopSignal, .arm(.seconds(10))])
        #expect(machine.handle(.started, at: Self.time(0)) == [.sendStopSignal])
    }

    @Test func aCrashBacksOffAndAStopMeanwhileCancelsTheRestart() {
        var machine = Self.machine(.always)
        _ = machine.handle(.wantUp, at: Self.time(0))
        _ = machine.handle(.started, at: Self.time(0))
        #expect(machine.handle(.exited(.exited(1)), at: Self.time(0.5)) == [.arm(.milliseconds(100))])
        #expect(machine.handle(.wantDown(within: nil), at: Self.time(0.55)) == [.disarm])
        #expect(machine.handle(.deadline, at: Self.time(0.6)) == [])
        #expect(machine.state == .down)
    }

    @Test func wantedUpAgainWhileStoppingItIsStartedOnceItHasStopped() {
        var machine = Self.machine(.no)
        _ = machine.handle(.wantUp, at: Self.time(0))
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.wantDown(within: nil), at: Self.time(1))
        #expect(machine.handle(.wantUp, at: Self.time(1)) == [])
        #expect(machine.handle(.exited(.exited(0)), at: Self.time(2)) == [.disarm, .spawn])
        #expect(machine.state == .starting)
    }

    @Test func aFirstStartThatFailsIsFinalAndALaterOneIsRetried() {
        var machine = Self.machine(.always)
        _ = machine.handle(.wantUp, at: Self.time(0))
        #expect(machine.handle(.startFailed("no such file"), at: Self.time(0)) == [])
        #expect(machine.state == .failed("no such file"))
        _ = machine.handle(.wantUp, at: Self.time(1))
        _ = machine.handle(.started, at: Self.time(1))
        _ = machine.handle(.exited(.exited(1)), at: Self.time(2))
        _ = machine.handle(.deadline, at: Self.time(3))
        #expect(machine.handle(.startFailed("busy"), at: Self.time(3)) == [.arm(.milliseconds(200))])
    }

    /// Whatever happens in whatever order: what runs is known, and what is not wanted does not come back.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func randomWalksKeepTheInvariants(seed: UInt64) {
        var random = SplitMix(state: seed)
        let policies: [RestartPolicy] = [.no, .always, .unlessStopped, .onFailure(limit: nil), .onFailure(limit: 2)]
        var machine = InstanceMachine(
            InstanceMachine.Rules(
                restart: policies[Int(random.next() % 5)], stopGracePeriod: .seconds(10),
                hasPreStopHooks: seed % 2 == 0))
        var clock = 0.0
        var processes = 0
        var isRunning = false
        var isArmed = false
        for _ in 0..<400 {
            clock += Double(random.next() % 3000) / 1000
            // Only what can happen: an end needs a process, a deadline a timer.
            var events: [InstanceMachine.Event] = [
                .wantUp, .wantDown(within: nil), .wantRestart(within: nil), .unhealthy, .prepared,
                .dependencyFailed("x"),
            ]
            if isRunning {
                events.append(.exited(.exited(Int32(random.next() % 2))))
            } else if processes > 0 {
                events += [.started, .startFailed("x")]
            }
            if isArmed { events.append(.deadline) }
            let event = events[Int(random.next() % UInt64(events.count))]
            let before = machine.state
            switch event {
            case .exited, .startFailed:
                processes -= 1
                isRunning = false
            case .started: isRunning = true
            case .deadline: isArmed = false
            case .wantUp, .wantDown, .wantRestart, .unhealthy, .prepared, .dependencyFailed: break
            }
            for action in machine.handle(event, at: Self.time(clock)) {
                switch action {
                case .spawn: processes += 1
                case .arm: isArmed = true
                case .disarm: isArmed = false
                case .kill, .sendStopSignal, .runPreStopHooks: break
                }
            }
            #expect((0...1).contains(processes), "after \(event) in \(before)")
            #expect(machine.isAlive == (processes == 1), "after \(event) in \(before)")
            if case .backingOff = machine.state {
                #expect(isArmed && machine.isWantedUp, "after \(event) in \(before)")
            }
            if !machine.isWantedUp { #expect(machine.state != .starting, "after \(event) in \(before)") }
        }
    }

    @Test func anUnhealthyOneIsStoppedAndStartedAgainWhateverItsPolicySays() {
        var machine = Self.machine(.no)
        _ = machine.handle(.wantUp, at: Self.time(0))
        _ = machine.handle(.started, at: Self.time(0))
        #expect(machine.handle(.unhealthy, at: Self.time(1)) == [.sendStopSignal, .arm(.seconds(10))])
        #expect(machine.handle(.exited(.exited(0)), at: Self.time(2)) == [.disarm, .arm(.milliseconds(100))])
        #expect(machine.handle(.deadline, at: Self.time(3)) == [.spawn])
    }

    @Test func hooksRunBeforeTheStopSignalAndNotForever() {
        var machine = InstanceMachine(
            InstanceMachine.Rules(restart: .no, stopGracePeriod: .seconds(10), hasPreStopHooks: true))
        _ = machine.handle(.wantUp, at: Self.time(0))
        _ = machine.handle(.started, at: Self.time(0))
        #expect(machine.handle(.wantDown(within: nil), at: Self.time(1)) == [.runPreStopHooks, .arm(.seconds(10))])
        #expect(machine.handle(.deadline, at: Self.time(11)) == [.sendStopSignal, .arm(.seconds(10))])
        #expect(machine.handle(.prepared, at: Self.time(11)) == [])
    }

    @Test func whoeverIsInAHurryShortensAStopThatHasBegun() {
        var machine = Self.machine(.no)
        _ = machine.handle(.wantUp, at: Self.time(0))
        _ = machine.handle(.started, at: Self.time(0))
        _ = machine.handle(.wantDown(within: nil), at: Self.time(1))
        #expect(machine.handle(.wantDown(within: .seconds(1)), at: Self.time(2)) == [.arm(.seconds(1))])
    }
}
