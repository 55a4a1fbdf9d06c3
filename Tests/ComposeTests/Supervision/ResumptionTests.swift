import Linux
import Testing

@testable import Compose

/// How an instance goes on under the next supervisor, from each state, with and without its process.
struct ResumptionTests {
    private static let now = MonotonicTime(sinceBoot: .seconds(100))
    private static let earlier = MonotonicTime(sinceBoot: .seconds(60))

    private static func resumed(
        _ state: InstanceMachine.State, hasProcess: Bool, isWantedUp: Bool = true, hooks: Bool = false,
        policy: RestartPolicy = .always
    ) -> (InstanceMachine, [InstanceMachine.Action]) {
        var machine = InstanceMachine(
            InstanceMachine.Rules(restart: policy, stopGracePeriod: .seconds(10), hasPreStopHooks: hooks))
        let memory = InstanceMachine.Memory(
            state: state, isWantedUp: isWantedUp,
            restarts: RestartTracker.Memory(restarts: 4, attempts: 3, nextDelay: .milliseconds(800)), lastExit: nil,
            hasRun: true, startedAt: now)
        let actions = machine.resume(memory, hasProcess: hasProcess, exit: nil, at: now)
        return (machine, actions)
    }

    @Test func whatRunsGoesOnRunning() {
        let (machine, actions) = Self.resumed(.up(since: Self.earlier), hasProcess: true)
        #expect(machine.state == .up(since: Self.earlier) && actions == [])
        #expect(machine.restarts.restarts == 4)
    }

    /// What was written down is older than what is there: a process that is there was started by somebody who wanted it.
    @Test(arguments: [
        InstanceMachine.State.starting, .down, .backingOff(until: ResumptionTests.now), .finished(.exited(0)),
        .failed("x"),
    ])
    func aProcessThatNobodyWroteDownRuns(state: InstanceMachine.State) {
        let (machine, actions) = Self.resumed(state, hasProcess: true, isWantedUp: false)
        #expect(machine.state == .up(since: Self.now) && machine.isWantedUp && actions == [])
    }

    @Test func hooksOfAStartAreRunAgain() {
        var machine = InstanceMachine(
            InstanceMachine.Rules(restart: .always, stopGracePeriod: .seconds(10), hasPostStartHooks: true))
        let memory = InstanceMachine.Memory(
            state: .starting, isWantedUp: true, restarts: RestartTracker.Memory(), lastExit: nil, hasRun: false,
            startedAt: Self.earlier)
        #expect(machine.resume(memory, hasProcess: true, exit: nil, at: Self.now) == [])
        #expect(machine.state == .starting)
        #expect(machine.handle(.started, at: Self.now) == [])
        #expect(machine.state == .up(since: Self.now))
    }

    /// Whatever was written down: a cgroup tells what runs in it.
    @Test(arguments: [InstanceMachine.State.starting, .down, .failed("x"), .up(since: ResumptionTests.earlier)])
    func aHookBeforeTheStartIsNotTheService(state: InstanceMachine.State) {
        var machine = InstanceMachine(InstanceMachine.Rules(restart: .no, stopGracePeriod: .seconds(10)))
        var memory = InstanceMachine.Memory(
            state: state, isWantedUp: false, restarts: RestartTracker.Memory(), lastExit: nil, hasRun: false,
            startedAt: Self.earlier, isPreparing: true)
        #expect(machine.resume(memory, hasProcess: true, exit: nil, at: Self.now) == [])
        #expect(machine.state == .starting && machine.isWantedUp && !machine.hasRun)
        #expect(machine.handle(.startFailed("it broke"), at: Self.now) == [])
        #expect(machine.state == .failed("it broke"))
        memory.state = .starting
        #expect(machine.resume(memory, hasProcess: false, exit: nil, at: Self.now) == [.spawn])
        memory.state = .stopping
        #expect(
            machine.resume(memory, hasProcess: true, exit: nil, at: Self.now)
                == [.sendStopSignal, .arm(.seconds(10))])
        #expect(machine.resume(memory, hasProcess: false, exit: .exited(1), at: Self.now) == [.disarm])
        #expect(machine.state == .down && machine.lastExit == nil && !machine.hasRun)
    }

    @Test func aStopGoesOn() {
        #expect(
            Self.resumed(.stopping, hasProcess: true, isWantedUp: false).1
                == [.sendStopSignal, .arm(.seconds(10))])
        let (machine, actions) = Self.resumed(.preparingStop, hasProcess: true, isWantedUp: false, hooks: true)
        #expect(machine.state == .preparingStop && actions == [.runPreStopHooks, .arm(.seconds(10))])
        for state in [InstanceMachine.State.stopping, .preparingStop] {
            let (machine, actions) = Self.resumed(state, hasProcess: false, isWantedUp: false)
            #expect(machine.state == .down && actions == [.disarm])
        }
    }

    @Test func whatEndedUnseenIsStartedAgainAndCounted() {
        let (machine, actions) = Self.resumed(.up(since: Self.earlier), hasProcess: false)
        #expect(machine.state == .backingOff(until: Self.now + .milliseconds(800)))
        #expect(actions == [.arm(.milliseconds(800))])
        #expect(machine.restarts.restarts == 5)
        let (final, none) = Self.resumed(.up(since: Self.earlier), hasProcess: false, policy: .no)
        #expect(final.state == .finished(nil) && none == [])
    }

    @Test func theBackOffIsAsLongAsItWas() {
        let later = Self.now + .seconds(3)
        #expect(Self.resumed(.backingOff(until: later), hasProcess: false).1 == [.arm(.seconds(3))])
        #expect(Self.resumed(.backingOff(until: Self.earlier), hasProcess: false).1 == [.arm(.zero)])
        let (machine, _) = Self.resumed(.backingOff(until: later), hasProcess: false)
        #expect(
            machine.restarts.memory == RestartTracker.Memory(restarts: 4, attempts: 3, nextDelay: .milliseconds(800)))
    }

    @Test(arguments: [InstanceMachine.State.down, .finished(.exited(3)), .failed("x")])
    func whatIsOverStaysSo(state: InstanceMachine.State) {
        let (machine, actions) = Self.resumed(state, hasProcess: false, isWantedUp: false)
        #expect(machine.state == state && actions == [])
    }

    @Test func whatHadNotBegunBegins() {
        #expect(Self.resumed(.starting, hasProcess: false).1 == [.spawn])
    }

    /// What is written down and read again is what it was.
    @Test func aRecordKeepsEveryState() throws {
        let states: [InstanceMachine.State] = [
            .down, .starting, .up(since: Self.earlier), .preparingStop, .stopping, .backingOff(until: Self.now),
            .finished(.exited(3)),
            .failed("because"),
        ]
        for state in states {
            var machine = InstanceMachine(InstanceMachine.Rules(restart: .always, stopGracePeriod: .seconds(10)))
            machine.state = state
            machine.hasRun = true
            machine.isWantedUp = true
            machine.startedAt = Self.earlier
            if case .finished(let status) = state { machine.lastExit = status }
            var record = InstanceRecord(InstanceName(try #require(ServiceName("web"))), definition: 1)
            record.take(StackMachine.Member(machine: machine, dependencies: []))
            let line = JournalLine.encode(.instance(record))
            guard case .instance(let read)? = JournalLine.decode(line.dropLast()) else {
                Issue.record("it cannot be read again: \(state)")
                continue
            }
            #expect(read == record)
            #expect(read.memory.state == state)
            #expect(read.memory.isWantedUp)
        }
    }
}
