internal import CLinux

extension FileDescriptor {
    /// Reads once into `buffer`, from a blocking descriptor. The corresponding C function is `read`.
    ///
    /// - Returns: how many bytes; none at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
        try system("read") { CLinux.read(number, buffer.baseAddress, buffer.count) }
    }

    /// Writes all of `buffer` at `offset`; what lies between there and the end so far becomes a hole. The corresponding
    /// C function is `pwrite`.
    public func writeAll(_ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(SystemError) {
        var written = 0
        while written < buffer.count {
            written += try system("write") {
                pwrite(number, buffer.baseAddress?.advanced(by: written), buffer.count - written, Int(offset) + written)
            }
        }
    }

    /// Writes all of `bytes` at `offset`, and leaves the position for reading where it is.
    public func writeAll(_ bytes: [UInt8], at offset: Int64) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            written += try system("write") {
                bytes.withUnsafeBytes {
                    pwrite(
                        number, $0.baseAddress?.advanced(by: written), $0.count - written, Int(offset) + written)
                }
            }
        }
    }

    /// Returns once everything written is on the disk itself. The corresponding C function is `fdatasync`.
    public func synchronize() throws(SystemError) {
        try system("fdatasync") { fdatasync(number) }
    }

    /// Makes the file `size` long, by a hole where it is shorter. The corresponding C function is `ftruncate`.
    public func setSize(_ size: Int64) throws(SystemError) {
        try system("ftruncate", "to \(size) bytes") { ftruncate(number, Int(size)) }
    }
}

extension FileDescriptor {
    /// A new file that is only in memory. See memfd_create(2).
    public static func inMemory(named name: String) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try system("memfd_create", name) { memfd_create(name, UInt32(MFD_CLOEXEC)) })
    }

    /// A copy of the file `source` that is only in memory, and that nobody can change any more. It is open as a path,
    /// since what somebody can write to cannot be executed. See memfd_create(2), fcntl(2), "File Sealing".
    public static func sealedCopy(
        of source: borrowing FileDescriptor, named name: String
    ) throws(SystemError) -> FileDescriptor {
        let flags = UInt32(MFD_CLOEXEC) | UInt32(MFD_ALLOW_SEALING)
        let copy = FileDescriptor(owning: try system("memfd_create", name) { memfd_create(name, flags) })
        let (from, to) = (source.number, copy.number)
        while try system("sendfile", name, { sendfile(to, from, nil, 1 << 30) }) > 0 {}
        let seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE
        try system("seal", name) { clinux_fcntl(to, F_ADD_SEALS, seals) }
        return try copy.reopen(.path)
    }
}

/// Which of `descriptors` can be read without waiting, or are at their end. See poll(2), which, unlike epoll(7), takes
/// plain files too.
///
/// - Parameter wait: until there is at least one.
public func readableDescriptors(among descriptors: [CInt], wait: Bool) throws(SystemError) -> [CInt] {
    var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    try system("poll") { poll(&requests, nfds_t(requests.count), wait ? -1 : 0) }
    return requests.filter { $0.revents != 0 }.map(\.fd)
}
