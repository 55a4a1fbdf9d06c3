/// Bytes in order, a chunk at a time.
protocol ByteSource: AnyObject {
    /// The next bytes, at least one except at the end. They are valid until the next call.
    func next() throws(RootFilesystemError.Reason) -> UnsafeRawBufferPointer
}
