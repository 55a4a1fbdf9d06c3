import Testing

@testable import Compose

/// Which instances are replaced when, as `update_config` says.
struct RolloutTests {
    private static func name(_ number: Int) -> InstanceName {
        guard let service = ServiceName("web") else { preconditionFailure("a name") }
        return InstanceName(service, number)
    }

    private static func rollout(_ count: Int, _ change: (inout UpdatePolicy) -> Void) -> Rollout {
        var policy = UpdatePolicy.standard
        change(&policy)
        return Rollout(policy, obsolete: (1...count).map(name), taken: Set(1...count))
    }

    @Test func allAtOnceUnlessItSaysHowMany() {
        var all = Self.rollout(3) { _ in }
        #expect(all.begin() == [.replace(Self.name(1)), .replace(Self.name(2)), .replace(Self.name(3))])
        var two = Self.rollout(3) { $0.parallelism = 2 }
        #expect(two.begin() == [.replace(Self.name(1)), .replace(Self.name(2))])
        #expect(two.handle(.settled(Self.name(2))) == [])
        #expect(two.handle(.settled(Self.name(2))) == [])
        #expect(two.handle(.settled(Self.name(1))) == [.replace(Self.name(3))])
        #expect(two.handle(.settled(Self.name(3))) == [.end(.done)])
    }

    @Test func theDelayIsBetweenLotsAndTheWatchBehindEach() {
        var rollout = Self.rollout(2) {
            $0.parallelism = 1
            $0.delay = .seconds(3)
            $0.monitor = .seconds(5)
        }
        #expect(rollout.begin() == [.replace(Self.name(1))])
        #expect(rollout.handle(.settled(Self.name(1))) == [.arm(.seconds(5))])
        #expect(rollout.handle(.deadline) == [.arm(.seconds(3))])
        #expect(rollout.handle(.deadline) == [.replace(Self.name(2))])
        #expect(rollout.handle(.settled(Self.name(2))) == [.arm(.seconds(5))])
        // Nothing comes after the last one.
        #expect(rollout.handle(.deadline) == [.end(.done)])
    }

    @Test func startFirstTakesAwayAnOldOneForEachNewOne() {
        var rollout = Self.rollout(2) {
            $0.order = .startFirst
            $0.parallelism = 1
        }
        #expect(rollout.begin() == [.add(Self.name(3))])
        #expect(rollout.handle(.settled(Self.name(3))) == [.retire(Self.name(1)), .add(Self.name(4))])
        #expect(rollout.handle(.settled(Self.name(4))) == [.retire(Self.name(2)), .end(.done)])
    }

    @Test func aFailurePausesRollsBackOrGoesOn() {
        var paused = Self.rollout(3) {
            $0.order = .startFirst
            $0.parallelism = 1
        }
        _ = paused.begin()
        _ = paused.handle(.settled(Self.name(4)))
        #expect(paused.handle(.failed(Self.name(5))) == [.retire(Self.name(5)), .end(.paused)])

        var rolledBack = Self.rollout(2) {
            $0.failureAction = .rollback
            $0.parallelism = 1
        }
        _ = rolledBack.begin()
        _ = rolledBack.handle(.settled(Self.name(1)))
        #expect(
            rolledBack.handle(.failed(Self.name(2)))
                == [.restore(Self.name(2)), .restore(Self.name(1)), .end(.rolledBack)])

        var goesOn = Self.rollout(2) {
            $0.failureAction = .goOn
            $0.parallelism = 1
        }
        _ = goesOn.begin()
        #expect(goesOn.handle(.failed(Self.name(1))) == [.replace(Self.name(2))])
        #expect(goesOn.handle(.settled(Self.name(2))) == [.end(.paused)])
    }

    /// One that fails while it is watched does not stop those that go on whatever fails.
    @Test func aFailureUnderWatchDoesNotEndTheWatch() {
        var rollout = Self.rollout(2) {
            $0.failureAction = .goOn
            $0.parallelism = 1
            $0.monitor = .seconds(5)
        }
        _ = rollout.begin()
        #expect(rollout.handle(.settled(Self.name(1))) == [.arm(.seconds(5))])
        #expect(rollout.handle(.failed(Self.name(1))) == [])
        #expect(rollout.handle(.deadline) == [.replace(Self.name(2))])
    }

    /// Whatever the policy and whoever fails: it ends, each old one is replaced at most once, and where it was rolled
    /// back nothing new is left.
    @Test(arguments: 0..<500 as Range<UInt64>)
    func randomWalksEnd(seed: UInt64) {
        var random = SplitMix(state: seed)
        let orders: [UpdatePolicy.Order] = [.stopFirst, .startFirst]
        let actions: [UpdatePolicy.FailureAction] = [.pause, .goOn, .rollback]
        let count = Int(random.next() % 6) + 1
        var policy = UpdatePolicy.standard
        policy.order = orders[Int(random.next() % 2)]
        policy.failureAction = actions[Int(random.next() % 3)]
        policy.parallelism = random.next() % 3 == 0 ? nil : Int(random.next() % 3) + 1
        policy.delay = random.next() % 2 == 0 ? .zero : .seconds(1)
        policy.monitor = random.next() % 2 == 0 ? .zero : .seconds(1)
        var rollout = Rollout(policy, obsolete: (1...count).map(Self.name), taken: Set(1...count))
        var versions = Dictionary(uniqueKeysWithValues: (1...count).map { (Self.name($0), 1) })
        var (isArmed, unsettled): (Bool, Set<InstanceName>) = (false, [])
        var outcome: Rollout.Outcome?
        var pending = rollout.begin()
        for _ in 0..<200 where outcome == nil {
            for action in pending {
                #expect(outcome == nil, "something after the end")
                switch action {
                case .replace(let name):
                    #expect(versions[name] == 1)
                    versions[name] = 2
                    unsettled.insert(name)
                case .add(let name):
                    #expect(versions[name] == nil)
                    versions[name] = 2
                    unsettled.insert(name)
                case .retire(let name):
                    #expect(versions.removeValue(forKey: name) != nil)
                    unsettled.remove(name)
                case .restore(let name):
                    #expect(versions[name] == 2)
                    versions[name] = 1
                    unsettled.remove(name)
                case .arm: isArmed = true
                case .end(let end): outcome = end
                }
            }
            guard outcome == nil else { break }
            let new = versions.filter { $0.value == 2 }.map(\.key).sorted { $0.number < $1.number }
            if let name = new.randomElement(using: &random), random.next() % 8 == 0 {
                pending = rollout.handle(.failed(name))
            } else if let name = unsettled.sorted(by: { $0.number < $1.number }).first, random.next() % 2 == 0 {
                unsettled.remove(name)
                pending = rollout.handle(.settled(name))
            } else if isArmed {
                isArmed = false
                pending = rollout.handle(.deadline)
            } else {
                pending = []
            }
        }
        #expect(outcome != nil, "it hangs: \(policy)")
        #expect(versions.count == count)
        switch outcome {
        case .done: #expect(versions.values.allSatisfy { $0 == 2 })
        case .rolledBack: #expect(versions.values.allSatisfy { $0 == 1 })
        case .paused, nil: break
        }
    }
}
