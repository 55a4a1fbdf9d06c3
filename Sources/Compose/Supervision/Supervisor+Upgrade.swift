internal import Linux

extension Supervisor {
    /// Goes on as the program at the other end of a connection that has asked for it, once nothing is being started or
    /// stopped: the services stay our children, and do not notice.
    func upgradeIfAsked() {
        guard connections.values.contains(where: { if case .upgrade = $0.goal { true } else { false } }),
            !machine.isInTransition, replacements.isEmpty, removals.isEmpty, rollouts.isEmpty
        else { return }
        for (token, connection) in connections {
            guard case .upgrade = connection.goal else { continue }
            connection.goal = nil
            if !connection.send(.refused(upgrade(for: connection))) { close(token) }
        }
    }

    /// - Returns: why that was not possible.
    private func upgrade(for connection: ControlConnection) -> String {
        journalRests = nil
        writeChanges()
        guard !journal.isBehind else { return "its state cannot be written down: the disk is full" }
        if let openFiles { try? setResourceLimit(openFiles) }
        do {
            let peer = try connection.socket.peerCredentials()
            let executable = try FileDescriptor.open("/proc/\(peer.processID)/exe", .path)
            try BackgroundSupervisor.become(executable, directory, lock: lock, client: connection.socket)
            return "the new program does not run"
        } catch {
            if let limit = openFiles {
                try? setResourceLimit(ResourceLimit(limit.kind, soft: limit.hard, hard: limit.hard))
            }
            return "\(error)"
        }
    }
}
