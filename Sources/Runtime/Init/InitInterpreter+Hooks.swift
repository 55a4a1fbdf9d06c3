internal import Linux

extension InitInterpreter {
    func runHooks(_ hooks: [Hooks.Hook], _ name: String) throws(SystemError) {
        for hook in hooks {
            do {
                try hook.run(state: state)
            } catch {
                throw SystemError("run \(name) hook", error.subject, error.errno)
            }
        }
    }
}

extension Hooks.Hook {
    /// Runs the program with `state` as its input, and waits for it.
    ///
    /// - Throws: `SystemError` where it cannot be run, fails or takes too long; it has been killed then.
    func run(state: [UInt8]) throws(SystemError) {
        // A file, not a pipe: nobody blocks on it, and a program that does not read it breaks nothing.
        let input = try FileDescriptor.inMemory(named: "state")
        try input.writeAll(state, at: 0)
        let process = try spawn(
            path: path, arguments: arguments.isEmpty ? [path] : arguments, environment: environment,
            descriptors: [input.number, 1, 2])
        guard try isOver(process) else {
            try process.send(.kill)
            _ = try process.wait()
            throw SystemError("run", "\(path), which took more than \(timeout ?? 0) s", .timedOut)
        }
        let status = try process.wait()
        guard status.isSuccess else {
            throw SystemError("run", "\(path), which \(status)", .cancelled)
        }
    }

    private func isOver(_ process: borrowing ProcessHandle) throws(SystemError) -> Bool {
        guard let timeout else { return true }
        let poller = try Poller()
        try poller.add(process.descriptor, token: 0)
        let events = try poller.wait(timeout: .seconds(Int64(timeout)))
        return !events.isEmpty
    }
}
