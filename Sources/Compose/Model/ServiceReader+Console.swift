/// What the first process of a service has for its standard streams, beside its outputs to the log.
public struct ServiceConsole: Hashable, Sendable {
    /// Whether it can be typed to; otherwise it reads nothing.
    public let keepsInput: Bool

    /// Whether its streams are a terminal.
    public let hasTerminal: Bool
}

extension ServiceReader {
    func readConsole() -> ServiceConsole {
        ServiceConsole(
            keepsInput: node["stdin_open"]?.boolean ?? false, hasTerminal: node["tty"]?.boolean ?? false)
    }
}
