internal import CLinux

/// What reading from a descriptor that may not be ready gave.
public enum Received: Hashable, Sendable {
    case bytes([UInt8])
    case endOfFile
    case wouldBlock
}

extension FileDescriptor {
    /// Reads once, at most `count` bytes. The corresponding C function is `read`.
    public func read(upTo count: Int) throws(SystemError) -> Received {
        var bytes = [UInt8](repeating: 0, count: count)
        do {
            let received = try system("read") { CLinux.read(number, &bytes, count) }
            guard received > 0 else { return .endOfFile }
            bytes.removeLast(count - received)
            return .bytes(bytes)
        } catch  where error.errno == .wouldBlock {
            return .wouldBlock
        }
    }

    /// Writes once. The corresponding C function is `write`.
    ///
    /// - Returns: how many of the bytes were taken; none where the descriptor is not ready.
    public func write(_ bytes: [UInt8]) throws(SystemError) -> Int {
        do {
            return try system("write") { CLinux.write(number, bytes, bytes.count) }
        } catch  where error.errno == .wouldBlock {
            return 0
        }
    }

    /// Writes all of `bytes` to a blocking descriptor.
    public func writeAll(_ bytes: some Sequence<UInt8>) throws(SystemError) {
        let bytes = Array(bytes)
        var written = 0
        while written < bytes.count {
            written += try system("write") {
                bytes.withUnsafeBytes {
                    CLinux.write(number, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
            }
        }
    }

    /// Reads to the end of the file, at most `limit` bytes.
    ///
    /// - Throws: `SystemError` with `.fileTooLarge` where there is more.
    public func readAll(limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = try system("read") { CLinux.read(number, &chunk, chunk.count) }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limit else { throw SystemError("read", "", .fileTooLarge) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Reads exactly `count` bytes from a blocking descriptor.
    ///
    /// - Throws: `SystemError`, `.protocolError` where the file ends before.
    public func readExactly(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let received = try system("read") {
                bytes.withUnsafeMutableBytes {
                    CLinux.read(number, $0.baseAddress?.advanced(by: filled), count - filled)
                }
            }
            guard received > 0 else { throw SystemError("read", "", .protocolError) }
            filled += received
        }
        return bytes
    }

    /// Switches between waiting and `.wouldBlock`. See fcntl(2), O_NONBLOCK.
    public func setNonBlocking(_ isNonBlocking: Bool) throws(SystemError) {
        let flags = try system("fcntl") { clinux_fcntl(number, F_GETFL, 0) }
        let wanted = isNonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
        try system("fcntl") { clinux_fcntl(number, F_SETFL, wanted) }
    }
}

/// The whole content of a small file, e.g. one of `/proc` or a cgroup.
public func readFile(_ path: String, limit: Int = 16 << 20) throws(SystemError) -> [UInt8] {
    do {
        return try FileDescriptor.open(path).readAll(limit: limit)
    } catch {
        throw SystemError(error.call, path, error.errno)
    }
}

/// The content of a small file as text; bytes that are not UTF-8 become U+FFFD.
public func readText(_ path: String) throws(SystemError) -> String {
    String(decoding: try readFile(path), as: UTF8.self)
}

/// Writes `text` to an existing file in one call, as the kernel's control files want it.
public func writeControlFile(_ path: String, _ text: String) throws(SystemError) {
    let file = try FileDescriptor.open(path, [.write, .noControllingTerminal])
    let bytes = Array(text.utf8)
    _ = try system("write \(text) to", path) { CLinux.write(file.number, bytes, bytes.count) }
}
