import Linux
import OrderedCollections
import Testing

@testable import Compose

/// A `StackMachine` with a world that does what it says, and remembers by itself what there is.
struct SimulatedStack {
    enum Process: Hashable {
        case none, starting, running
    }

    struct Body: Hashable {
        var process = Process.none
        var hasHooks = false
        var isArmed = false
        /// How the last run ended.
        var code: Int32?
    }

    let stack: Stack
    private(set) var machine = StackMachine()
    private(set) var bodies: OrderedDictionary<InstanceName, Body> = [:]
    private(set) var now = MonotonicTime(sinceBoot: .seconds(1))
    private(set) var complaints: [String] = []

    /// - Parameter services: the text below `services:`.
    init(_ services: String) throws {
        let text = "name: t\nservices:\n\(services)"
        stack = try #require(load(text).stack, "\(messages(text))")
        for name in stack.instances {
            machine.define(name, as: try #require(stack.services[name.service]))
            bodies[name] = Body()
        }
    }

    var names: [InstanceName] { stack.instances }

    subscript(_ name: InstanceName) -> Body { bodies[name] ?? Body() }

    // MARK: What people do

    mutating func start(_ names: [InstanceName]) { take(machine.start(names, at: now), because: nil) }

    mutating func stop(_ names: [InstanceName], thenStart: Bool = false) {
        take(machine.stop(names, thenStart: thenStart, at: now), because: nil)
    }

    mutating func kill(_ name: InstanceName) {
        take(machine.stopAlone(name, within: nil, at: now), because: nil)
        if self[name].process != .none { tell(.exited(.signalled(.kill)), name) }
    }

    mutating func setHealth(_ health: HealthStatus, of name: InstanceName) {
        take(machine.setHealth(health, of: name, at: now), because: nil)
        if health == .unhealthy, stack.services[name.service]?.health.onUnhealthy == .restart { tell(.unhealthy, name) }
    }

    // MARK: What happens

    mutating func tell(_ event: InstanceMachine.Event, _ name: InstanceName) {
        now = now + .milliseconds(10)
        switch event {
        case .started: bodies[name]?.process = .running
        case .startFailed: bodies[name]?.process = .none
        case .exited(let status):
            bodies[name]?.process = .none
            bodies[name]?.hasHooks = false
            bodies[name]?.code = status?.shellCode
        case .prepared: bodies[name]?.hasHooks = false
        case .deadline: bodies[name]?.isArmed = false
        default: break
        }
        take(machine.handle(event, of: name, at: now), because: name)
        check()
    }

    /// The supervisor is killed, and the next one goes on; of what has a process, `lost` ends meanwhile.
    mutating func die(lost: Set<InstanceName>) throws {
        var next = StackMachine()
        var (steps, waiting, stale, ended): ([StackMachine.Step], [InstanceName], [InstanceName], [InstanceName]) = (
            [], [], [], []
        )
        for name in names { next.define(name, as: try #require(stack.services[name.service])) }
        for name in names {
            guard let member = machine.members[name] else { continue }
            var record = InstanceRecord(name, definition: 1)
            record.take(member)
            if bodies[name]?.process != Process.none, lost.contains(name) {
                if bodies[name]?.process == .running { bodies[name]?.code = -1 }
                bodies[name]?.process = .none
                ended.append(name)
            }
            let hasProcess = bodies[name]?.process != Process.none
            // What was being set up runs by now.
            if hasProcess { bodies[name]?.process = .running }
            bodies[name]?.isArmed = false
            bodies[name]?.hasHooks = false
            steps += next.resume(record.memory, of: name, hasProcess: hasProcess, exit: nil, at: now)
            if hasProcess { _ = next.setHealth(member.health, of: name, at: now) }
            if record.isToStart == true { waiting.append(name) }
            if record.isStale == true { stale.append(name) }
        }
        machine = next
        steps += machine.finishResumption(waiting: waiting, stale: stale, ended: ended, at: now)
        // What was alive before is started again by its own state.
        take(steps, because: nil, isResumed: true)
        check()
    }

    private mutating func take(_ steps: [StackMachine.Step], because event: InstanceName?, isResumed: Bool = false) {
        for step in steps {
            let name = step.instance
            switch step.action {
            case .spawn:
                if self[name].process != .none { complain("\(name) is started twice") }
                // What ended by itself does not wait for anybody.
                if name != event, !isResumed { checkNeeds(of: name) }
                bodies[name]?.process = .starting
            case .runPreStopHooks: bodies[name]?.hasHooks = true
            case .sendStopSignal, .kill: break
            case .arm: bodies[name]?.isArmed = true
            case .disarm: bodies[name]?.isArmed = false
            }
        }
    }

    // MARK: What must hold

    private mutating func complain(_ text: String) { complaints.append(text) }

    private mutating func checkNeeds(of name: InstanceName) {
        for dependency in stack.services[name.service]?.dependencies ?? [] where dependency.isRequired {
            for other in names where other.service == dependency.service {
                let body = self[other]
                let isMet =
                    switch dependency.condition {
                    case .started: body.process == .running || body.code != nil
                    case .healthy:
                        body.process == .running && [.none, .healthy].contains(machine.health(of: other))
                    case .completed: body.process == .none && body.code == 0
                    }
                if !isMet { complain("\(name) is started before \(other) is \(dependency.condition)") }
            }
        }
    }

    private mutating func check() {
        let members = machine.members.values
        if machine.isQuiet != members.allSatisfy(\.isQuiet) { complain("isQuiet is miscounted") }
        if machine.isOver != members.allSatisfy(\.isOver) { complain("isOver is miscounted") }
        for (name, body) in bodies where machine.machine(name)?.isAlive != (body.process != .none) {
            complain("\(name) is \(body.process), but \(machine.machine(name).map { "\($0.state)" } ?? "unknown")")
        }
    }

    /// Whatever can go on by itself does, until nothing can.
    mutating func settle(isStopping: Bool = false) {
        for _ in 0..<2000 {
            guard let name = names.first(where: { step(of: $0, isStopping) != nil }),
                let step = step(of: name, isStopping)
            else { return }
            switch step {
            case .event(let event): tell(event, name)
            case .healthy: setHealth(.healthy, of: name)
            }
        }
        complain("it never comes to rest")
    }

    private enum NaturalStep {
        case event(InstanceMachine.Event)
        case healthy
    }

    private func step(of name: InstanceName, _ isStopping: Bool) -> NaturalStep? {
        let body = self[name]
        if body.process == .starting { return .event(.started) }
        if body.hasHooks { return .event(.prepared) }
        guard let state = machine.machine(name)?.state else { return nil }
        if case .stopping = state { return .event(.exited(.exited(0))) }
        if case .backingOff = state { return body.isArmed ? .event(.deadline) : nil }
        guard body.process == .running else { return nil }
        if machine.health(of: name) == .starting || machine.health(of: name) == .unhealthy { return .healthy }
        let isAwaited = stack.services.values.contains { service in
            service.dependencies.contains { $0.service == name.service && $0.condition == .completed }
        }
        return isAwaited ? .event(.exited(.exited(0))) : nil
    }
}
