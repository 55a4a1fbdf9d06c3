public import Linux

extension ProcessHandle {
    /// Waits for the process's end, and passes signals on meanwhile.
    ///
    /// - Parameter forwarded: told of each afterwards.
    public func wait(
        forwarding signals: borrowing SignalQueue, forwarded: (Signal) -> Void = { _ in }
    ) throws(SystemError) -> ExitStatus {
        let poller = try Poller()
        try poller.add(signals.descriptor, token: 0)
        try poller.add(descriptor, token: 1)
        while true {
            for event in try poller.wait() where event.token == 1 {
                if let status = try poll() { return status }
            }
            while let signal = try signals.next() {
                try forward(signal)
                forwarded(signal)
            }
        }
    }

    /// Passes a signal on that we got; what the kernel tells us about our own children and terminal stays here.
    func forward(_ signal: Signal) throws(SystemError) {
        if signal == .child || signal == .pipe { return }
        try send(signal)
    }
}
