internal import CLinux

/// The two ends of a pipe. See pipe(2).
public struct Pipe: ~Copyable {
    public let reader: FileDescriptor
    public let writer: FileDescriptor

    public init() throws(SystemError) {
        var numbers: (CInt, CInt) = (-1, -1)
        try system("pipe") {
            withUnsafeMutablePointer(to: &numbers) {
                $0.withMemoryRebound(to: CInt.self, capacity: 2) { pipe2($0, O_CLOEXEC) }
            }
        }
        reader = FileDescriptor(owning: numbers.0)
        writer = FileDescriptor(owning: numbers.1)
    }

    /// Closes the end to write to, which a child has got by now.
    public consuming func keepingReader() -> FileDescriptor { reader }

    /// Closes the end to read from, which a child has got by now.
    public consuming func keepingWriter() -> FileDescriptor { writer }
}

/// Two connected sockets. See socketpair(2).
public struct SocketPair: ~Copyable {
    public let first: FileDescriptor
    public let second: FileDescriptor

    public init() throws(SystemError) {
        var numbers: (CInt, CInt) = (-1, -1)
        try system("socketpair") {
            withUnsafeMutablePointer(to: &numbers) {
                $0.withMemoryRebound(to: CInt.self, capacity: 2) {
                    socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, $0)
                }
            }
        }
        first = FileDescriptor(owning: numbers.0)
        second = FileDescriptor(owning: numbers.1)
    }

    /// Closes the second socket, which a child has got by now.
    public consuming func keepingFirst() -> FileDescriptor { first }
}
