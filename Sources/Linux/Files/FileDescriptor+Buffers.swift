internal import CLinux

/// Reading and writing without a copy or an allocation, for what many bytes go through.
extension FileDescriptor {
    /// Reads once what is there.
    ///
    /// - Returns: how many bytes, none at the end of the file; nil where reading would have to wait.
    public func readAvailable(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
        do {
            return try system("read") { CLinux.read(number, buffer.baseAddress, buffer.count) }
        } catch  where error.errno == .wouldBlock {
            return nil
        }
    }

    /// Reads once at `offset`, and leaves the position alone. The corresponding C function is `pread`.
    ///
    /// - Returns: how many bytes; none at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SystemError) -> Int {
        try system("read") { pread(number, buffer.baseAddress, buffer.count, Int(offset)) }
    }

    /// Writes three pieces one behind the other, in one call. The corresponding C function is `writev`.
    ///
    /// - Returns: how many of the bytes were taken.
    public func write(
        _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ third: UnsafeRawBufferPointer
    ) throws(SystemError) -> Int {
        func vector(_ bytes: UnsafeRawBufferPointer) -> iovec {
            iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
        }
        var vectors = (vector(first), vector(second), vector(third))
        return try system("write") {
            withUnsafePointer(to: &vectors) {
                $0.withMemoryRebound(to: iovec.self, capacity: 3) { writev(number, $0, 3) }
            }
        }
    }

    /// Writes all of `bytes` to a blocking descriptor.
    public func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            written += try system("write") {
                CLinux.write(number, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
        }
    }

    /// How much a pipe holds. See fcntl(2), F_SETPIPE_SZ.
    ///
    /// - Throws: `SystemError`, `.operationNotPermitted` where the user's pipes hold all they may.
    public func setPipeCapacity(_ bytes: Int) throws(SystemError) {
        try system("fcntl", "F_SETPIPE_SZ") { clinux_fcntl(number, F_SETPIPE_SZ, CInt(clamping: bytes)) }
    }
}
