public import Linux

extension Supervisor {
    /// Serves a client that is connected already: the command that started this process.
    public func serve(_ client: consuming FileDescriptor) throws(SystemError) {
        try add(try ControlConnection(client))
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
    }

    func handle(_ request: ControlRequest, from connection: ControlConnection) {
        connection.isWaiting = true
        switch request {
        case .stop:
            stopAll()
        case .kill:
            stopAll()
            perform(machine.killAll())
        case .up(let definition, let directory, let files):
            if isStopping { return refuse(connection, "the stack is being stopped") }
            guard let stack = CanonicalStack.read(definition, project: self.directory.project, directory: directory)
            else { return refuse(connection, "the definition cannot be read") }
            do {
                try reconcile(stack, directory: directory, files: files)
            } catch {
                refuse(connection, "\(error)")
            }
        }
    }

    private func refuse(_ connection: ControlConnection, _ reason: String) {
        connection.isWaiting = false
        _ = connection.send(.refused(reason))
        // A supervisor that was started for this alone has nothing to stay for.
        hasStack = true
    }

    /// Tells those who wait that what they asked for is done.
    func answerConnections() {
        let isDone = isStopping ? machine.isOver : machine.isQuiet && replacements.isEmpty
        // Whoever asks next sees what was done.
        if isDone, stateIsStale, connections.values.contains(where: \.isWaiting) { writeState() }
        for (token, connection) in connections {
            if connection.isWaiting, isDone {
                connection.isWaiting = false
                if !connection.send(.done(failed: failed)) { close(token) }
            }
            if connection.hasUnsent {
                try? poller.modify(connection.socket, token: token, interests: [.readable, .writable])
            }
        }
    }
}
