public import Linux
internal import OrderedCollections

extension Supervisor {
    /// Serves a client that is connected already: the command that started this process.
    public func serve(_ client: consuming FileDescriptor) throws(SystemError) {
        try add(try ControlConnection(client))
    }

    /// Tells the client that the program it asked for runs.
    func serveUpgraded(_ client: consuming FileDescriptor) throws(SystemError) {
        hasStack = true
        let connection = try ControlConnection(client)
        connection.goal = .settled([])
        try add(connection)
        answerConnections()
    }

    func accept(_ client: consuming FileDescriptor) {
        // The socket's mode keeps others out; this holds even where the directory's does not.
        guard let peer = try? client.peerCredentials(), peer.user == effectiveUserID || peer.user == 0,
            let connection = try? ControlConnection(client)
        else { return }
        try? add(connection)
    }

    private func add(_ connection: ControlConnection) throws(SystemError) {
        let token = register(.connection(connection))
        connections[token] = connection
        try poller.add(connection.socket, token: token)
    }

    func close(_ token: UInt64) {
        if let connection = connections.removeValue(forKey: token) { try? poller.remove(connection.socket) }
        watches[token] = nil
        timers.disarm(.patience(token))
    }

    func handle(_ request: ControlRequest, from connection: ControlConnection) {
        // What was before is not its business.
        tellEvents()
        switch request {
        case .stop(let timeout):
            connection.goal = .end
            stopAll(within: timeout.map { .seconds($0) })
        case .kill:
            connection.goal = .end
            stopAll(within: .zero)
            perform(machine.killAll())
        case .watch:
            connection.isWatching = true
            _ = connection.send(.watching)
            for event in snapshot { _ = connection.send(.event(event)) }
        case .recall(let time):
            for event in history where event.time >= time { _ = connection.send(.event(event)) }
        case .upgrade:
            connection.goal = .upgrade
        case .up(let request):
            up(request, for: connection)
        case .operate(let operation):
            if isStopping { return refuse(connection, "the stack is being stopped") }
            hasStack = true
            // Whoever asks is told what happens from here on.
            connection.goal = .settled([])
            switch operate(operation) {
            case .success(let instances): connection.goal = .settled(instances)
            case .failure(let refusal): refuse(connection, refusal.sentence)
            }
        }
    }

    private func up(_ request: UpRequest, for connection: ControlConnection) {
        if isStopping { return refuse(connection, "the stack is being stopped") }
        do {
            let services = request.services.compactMap { ServiceName($0) }
            connection.goal = .settled([])
            try up(request)
            let wanted = services.isEmpty ? machine.instances : services.flatMap { machine.instances(of: $0) }
            connection.goal = request.waitsForHealth ? .healthy(wanted) : .settled(wanted)
            if let seconds = request.waitTimeout { giveUp(on: connection, after: seconds) }
        } catch {
            refuse(connection, "\(error)")
        }
    }

    /// Lets a client wait no longer than it wants.
    private func giveUp(on connection: ControlConnection, after seconds: Double) {
        guard let token = connections.first(where: { $0.value === connection })?.key else { return }
        connection.patience = seconds
        timers.arm(.patience(token), at: .now + .seconds(seconds))
    }

    /// A client has waited for as long as it wanted.
    func loseEnd(of token: UInt64) {
        guard let connection = connections[token], connection.isWaiting, let seconds = connection.patience else {
            return
        }
        let text = seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
        refuse(connection, "application not healthy after \(text)s")
    }

    private func refuse(_ connection: ControlConnection, _ reason: String) {
        tellEvents()
        connection.goal = nil
        _ = connection.send(.refused(reason))
        // A supervisor that was started for this alone has nothing to stay for.
        hasStack = true
    }

    /// Tells those who wait that what they asked for is done.
    func answerConnections() {
        tellEvents()
        tellManager()
        upgradeIfAsked()
        var isDone = false
        for (token, connection) in connections {
            if let goal = connection.goal, isReached(goal, of: connection) {
                isDone = true
                // Whoever looks next sees what was done.
                writeChanges()
                connection.goal = nil
                if !connection.send(.done(failed: failures(of: goal))) { close(token) }
            }
            if connection.hasUnsent {
                try? poller.modify(connection.socket, token: token, interests: [.readable, .writable])
            }
        }
        // What a definition takes to be read is not needed again for long.
        if isDone { releaseUnusedMemory() }
    }

    private func isReached(_ goal: ControlConnection.Goal, of connection: ControlConnection) -> Bool {
        switch goal {
        case .end: machine.isOver
        case .settled(let names): isStopping ? machine.isOver : connection.holds(for: names, isSettled)
        case .healthy(let names):
            connection.holds(for: names) { !isGettingWell($0) && (isStopping || isSettled($0)) }
                && (!isStopping || machine.isOver)
        case .upgrade: false
        }
    }

    /// Whether it may get well: it is about to be started again, or its health is not known yet, which it never will be of
    /// one that has ended for good.
    private func isGettingWell(_ name: InstanceName) -> Bool {
        guard let instance = machine.machine(name) else { return false }
        if case .backingOff = instance.state { return true }
        return machine.health(of: name) == .starting && !instance.isOver
    }

    private func isSettled(_ name: InstanceName) -> Bool {
        machine.isQuiet([name]) && replacements[name] == nil && !removals.contains(name)
            && rollouts[name.service] == nil
    }

    /// Those of whoever waited that are not as they should be.
    private func failures(of goal: ControlConnection.Goal) -> [String] {
        switch goal {
        case .end, .upgrade: return []
        case .settled(let names): return names.filter(hasFailed).map(\.description) + unsuccessful(names)
        case .healthy(let names):
            return names.filter { hasFailed($0) || isUnwell($0) }.map(\.description) + unsuccessful(names)
        }
    }

    /// The services of instances whose replacement did not succeed.
    private func unsuccessful(_ names: [InstanceName]) -> [String] {
        failedRollouts.intersection(names.map(\.service)).map(\.text)
    }

    private func hasFailed(_ name: InstanceName) -> Bool {
        if case .failed = machine.machine(name)?.state { return true }
        return false
    }

    /// Whether it is neither up and well nor done.
    private func isUnwell(_ name: InstanceName) -> Bool {
        guard let member = machine.members[name] else { return false }
        switch member.machine.state {
        case .up: return member.health == .unhealthy
        case .finished(let status): return status != .exited(0)
        case .down: return !member.isScheduled
        case .backingOff, .failed, .starting, .preparingStop, .stopping: return true
        }
    }

    /// How everything is, as events.
    private var snapshot: [StackEvent] {
        instances.values.map { instance in
            let record = record(of: instance)
            return StackEvent(
                record.name, .state, detail: record.phase.rawValue, exitCode: record.lastExit?.shellCode)
        }
    }
}
