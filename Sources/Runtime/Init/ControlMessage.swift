internal import Linux

/// What the init stage tells its parent. The first byte says what it is; the end of the file says that the payload runs.
enum ControlMessage {
    /// Comes with the container's terminal.
    static let terminalMark: UInt8 = 0
    /// Comes with a pidfd of the process that goes on.
    static let forkedMark: UInt8 = 1
    private static let reachedMark: UInt8 = 2
    /// The payload is executed next: an end of the file without it is the end of the init stage.
    static let executionMark: UInt8 = 3
    /// Then a number, and as many times.
    static let traceMark: UInt8 = 4
    /// Then an `InitFailure`.
    static let failureMark: UInt8 = 0xFF

    static func reached(_ point: SyncPoint) -> [UInt8] { [reachedMark, point.rawValue] }

    static func trace(_ times: [MonotonicTime]) -> [UInt8] {
        var wire = WireWriter()
        wire.write(traceMark)
        wire.write(UInt32(times.count))
        for time in times { wire.write(time.nanoseconds) }
        return wire.bytes
    }

    /// An answer to `reached`.
    static func answer(_ state: [UInt8]) -> [UInt8] {
        var wire = WireWriter()
        wire.write(state)
        return wire.bytes
    }
}
