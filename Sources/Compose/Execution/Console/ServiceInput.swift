internal import Linux

/// The standard input of a service that can be typed to: a named FIFO that the service holds open by itself.
///
/// Its own descriptor writes as well as reads, so that it never meets an end, whoever comes and goes at the other side,
/// the supervisor among them.
enum ServiceInput {
    /// Makes a new one, without what nobody has read of an earlier one, and opens it for the service.
    static func make(_ path: String) throws(SystemError) -> FileDescriptor {
        try? removeFile(path)
        try makeFIFO(path, mode: 0o600)
        return try FileDescriptor.open(path, [.readWrite, .noFollow])
    }

    /// Opens it for somebody who types.
    ///
    /// - Throws: `SystemError`, `.noSuchDeviceOrAddress` where the service does not have it open any more.
    static func open(_ path: String) throws(SystemError) -> FileDescriptor {
        let file = try FileDescriptor.open(path, [.write, .nonBlocking, .noFollow])
        guard try file.status().kind == .fifo else { throw SystemError("open", path, .noSuchDeviceOrAddress) }
        return file
    }
}

extension StackDirectory {
    func input(of instance: String) -> String { "\(run)/\(instance).stdin" }
    /// The socket at which a terminal's keeper is to be met.
    func terminal(of instance: String) -> String { "\(run)/\(instance).tty" }
}
