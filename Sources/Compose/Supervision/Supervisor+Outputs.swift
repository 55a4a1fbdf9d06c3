internal import FoundationEssentials
internal import Linux

extension Supervisor {
    /// Keeps what an output has printed.
    func readOutput(_ token: UInt64) throws(SystemError) {
        guard case .output(let instance, let pump) = watches[token] else { return }
        for (other, itsToken) in zip(instance.pumps, instance.outputTokens) where other !== pump && other.isResting {
            // It may have been first.
            try take(other, of: instance, itsToken)
        }
        try take(pump, of: instance, token)
    }

    private func take(_ pump: OutputPump, of instance: Instance, _ token: UInt64) throws(SystemError) {
        let wasResting = pump.isResting
        try pump.take(outputBuffer, lines: lookouts(for: instance, pump.stream))
        if pump.isResting { timers.arm(.output(token), at: .now + OutputPump.rest) }
        guard pump.isResting != wasResting else { return }
        try poller.modify(pump.reader, token: token, interests: wasResting ? .readable : [])
    }

    /// Who wants the lines that an instance prints, beside its log; nil for nobody.
    func lookouts(for instance: Instance, _ stream: LogStream) -> ((UnsafeRawBufferPointer) -> Void)? {
        let isLookedAt = health.wantsLines(of: instance.name)
        // What no log of ours keeps whoever watches could not see otherwise.
        let isShown = !instance.service.logging.isReadable && connections.values.contains { $0.isWatching }
        guard isLookedAt || isShown else { return nil }
        return { [self] line in
            if isLookedAt { health.look(at: line, of: instance.name) }
            if isShown { show(line, from: stream, of: instance) }
        }
    }

    private func show(_ line: UnsafeRawBufferPointer, from stream: LogStream, of instance: Instance) {
        let reply = ControlReply.line(instance: "\(instance.name)", stream: stream, Data(line))
        for (token, connection) in connections where connection.isWatching {
            if !connection.send(reply) { close(token) }
        }
    }
}
