internal import Linux

/// The bytes of an open file or pipe.
final class FileSource: ByteSource {
    private let file: FileDescriptor
    private let cancellation: Cancellation
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    /// How many bytes at the start of the buffer nobody has taken yet.
    private var ahead = 0
    /// How many bytes have been read so far.
    private(set) var count: Int64 = 0
    /// How many there are; nil for a pipe.
    let size: Int64?

    init(_ file: consuming FileDescriptor, cancellation: Cancellation) {
        let status = try? file.status()
        size = status?.kind == .regular ? status?.size : nil
        self.file = file
        self.cancellation = cancellation
    }

    deinit {
        buffer.deallocate()
    }

    func next() throws(RootFilesystemError.Reason) -> UnsafeRawBufferPointer {
        if ahead == 0 { _ = try readAhead() }
        defer { ahead = 0 }
        return UnsafeRawBufferPointer(rebasing: buffer[..<ahead])
    }

    /// Whether there is nothing (more) to read.
    func isAtEnd() throws(RootFilesystemError.Reason) -> Bool {
        if ahead > 0 { return false }
        return try !readAhead()
    }

    /// Whether the next bytes are these. They stay where they are.
    func starts(with bytes: [UInt8]) throws(RootFilesystemError.Reason) -> Bool {
        // A pipe may hand out its first bytes one by one.
        while ahead < bytes.count {
            guard try readAhead() else { return false }
        }
        return buffer[..<bytes.count].elementsEqual(bytes)
    }

    /// Reads more behind what is ahead. Returns false at the end.
    private func readAhead() throws(RootFilesystemError.Reason) -> Bool {
        try cancellation.wait(for: file)
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[ahead...])
        let bytes = try kernel(try file.read(into: rest))
        ahead += bytes
        count += Int64(bytes)
        return bytes > 0
    }
}
