import Linux
import Testing

@testable import Compose

struct ReadinessMachineTests {
    private static let tcp = Readiness(.tcp(Endpoint(port: 80)), timeout: .seconds(2))

    @Test func attemptsComeSoonAtFirstAndThenLaterUpToASecond() {
        var machine = ReadinessMachine(Self.tcp)
        var delays: [Duration] = []
        func note(_ actions: [ReadinessMachine.Action]) {
            for case .arm(let delay) in actions { delays.append(delay) }
        }
        note(machine.handle(.started))
        for _ in 0..<14 {
            #expect(machine.handle(.deadline) == [.startProbe, .arm(.seconds(2))])
            note(machine.handle(.probeFailed("refused")))
        }
        #expect(delays.prefix(3) == [.milliseconds(10), .milliseconds(15), .microseconds(22_500)])
        #expect(delays.last == .seconds(1))
        #expect(zip(delays, delays.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(machine.lastFailure == "refused")
    }

    @Test func anIntervalIsKeptTo() {
        var machine = ReadinessMachine(Readiness(.file("/x"), interval: .milliseconds(300)))
        #expect(machine.handle(.started) == [.arm(.milliseconds(300))])
        _ = machine.handle(.deadline)
        #expect(machine.handle(.probeFailed("absent")) == [.disarm, .arm(.milliseconds(300))])
    }

    @Test func itIsReadyOnceUntilTheRunEnds() {
        var machine = ReadinessMachine(Self.tcp)
        _ = machine.handle(.started)
        _ = machine.handle(.deadline)
        #expect(machine.handle(.probeSucceeded) == [.disarm, .ready])
        for event in [ReadinessMachine.Event.started, .probeSucceeded, .probeFailed("x"), .announced, .deadline] {
            #expect(machine.handle(event) == [])
        }
        #expect(machine.handle(.stopped) == [])
        #expect(machine.handle(.started) == [.arm(.milliseconds(10))])
    }

    @Test(arguments: [Readiness.Sign.notify, .log("ready")])
    func whatSaysSoByItselfIsNotLookedFor(sign: Readiness.Sign) {
        var machine = ReadinessMachine(Readiness(sign))
        #expect(machine.handle(.announced) == [])
        #expect(machine.handle(.started) == [])
        #expect(machine.handle(.announced) == [.ready])
        #expect(machine.handle(.announced) == [])
    }

    @Test func anAttemptThatIsLateIsGivenUp() {
        var machine = ReadinessMachine(Self.tcp)
        _ = machine.handle(.started)
        _ = machine.handle(.deadline)
        #expect(machine.handle(.deadline) == [.killProbe])
        #expect(machine.handle(.probeTimedOut) == [.arm(.milliseconds(15))])
        #expect(machine.lastFailure == "no answer within 2s")
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func randomWalksKeepTheInvariants(seed: UInt64) {
        var random = SplitMix(state: seed)
        let signs: [Readiness.Sign] = [.tcp(Endpoint(port: 1)), .notify, .log("x"), .unix("/x")]
        var machine = ReadinessMachine(Readiness(signs[Int(random.next() % 4)]))
        var isArmed = false
        var isProbing = false
        var isReady = false
        for _ in 0..<300 {
            let events: [ReadinessMachine.Event] = [
                .started, .stopped, .probeSucceeded, .probeFailed("x"), .probeTimedOut, .announced, .deadline,
                .deadline,
            ]
            let event = events[Int(random.next() % UInt64(events.count))]
            if event == .deadline {
                guard isArmed else { continue }
                isArmed = false
            }
            let before = machine.state
            switch event {
            case .probeSucceeded where before.isOverdue:
                // A late answer is no answer, and what was given up is given up.
                #expect(machine.handle(event) == [])
                continue
            case .probeFailed where before.isOverdue: continue
            case .probeSucceeded, .probeFailed, .probeTimedOut, .stopped, .paused: isProbing = false
            case .started, .announced, .unpaused, .deadline: break
            }
            if event == .stopped { isReady = false }
            for action in machine.handle(event) {
                switch action {
                case .startProbe:
                    #expect(!isProbing)
                    isProbing = true
                case .killProbe: break
                case .arm: isArmed = true
                case .disarm: isArmed = false
                case .ready:
                    #expect(!isReady)
                    isReady = true
                }
            }
            #expect((machine.state == .ready) == isReady, "after \(event) in \(before)")
            switch machine.state {
            case .waiting, .probing: #expect(isArmed, "after \(event) in \(before)")
            case .stopped, .listening, .overdue, .paused, .ready: #expect(!isArmed, "after \(event) in \(before)")
            }
        }
    }
}

extension ReadinessMachine.State {
    fileprivate var isOverdue: Bool {
        if case .overdue = self { true } else { false }
    }
}
