internal import Linux

/// What the init stage reports when an operation fails.
struct InitFailure: Hashable, Sendable {
    /// Its index in the program.
    let operation: Int
    let error: SystemError

    init(operation: Int, error: SystemError) {
        self.operation = operation
        self.error = error
    }

    var wire: [UInt8] {
        var wire = WireWriter()
        wire.write(ControlMessage.failureMark)
        wire.write(UInt32(operation))
        wire.write(error.errno.rawValue)
        wire.write([error.call, error.subject])
        return wire.bytes
    }

    init(wire bytes: [UInt8]) throws(SystemError) {
        var wire = WireReader(bytes)
        guard try wire.number(UInt8.self) == ControlMessage.failureMark else {
            throw SystemError("read", "failure report", .protocolError)
        }
        operation = Int(try wire.number(UInt32.self))
        let errno = Errno(rawValue: try wire.number())
        let texts = try wire.texts()
        guard texts.count == 2 else { throw SystemError("read", "failure report", .protocolError) }
        error = SystemError(texts[0], texts[1], errno)
    }
}
