internal import Linux

/// Takes bytes in order.
protocol ByteSink: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws(RootFilesystemError.Reason)
}

/// Writes them to a file or pipe.
final class FileSink: ByteSink {
    private let file: FileDescriptor

    init(_ file: consuming FileDescriptor) {
        self.file = file
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(RootFilesystemError.Reason) {
        try kernel(try file.writeAll(bytes))
    }
}
