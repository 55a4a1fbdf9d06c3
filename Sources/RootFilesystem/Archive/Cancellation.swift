internal import Linux

/// The caller's wish to stop, as a descriptor that becomes readable: a signalfd, an eventfd, the end of a pipe.
struct Cancellation: Sendable {
    let descriptor: CInt?

    /// Throws where the caller wishes to stop.
    func check() throws(RootFilesystemError.Reason) {
        guard let descriptor else { return }
        try throwIfReadable(among: [descriptor], wait: false)
    }

    /// Waits until `input` has something to read, or the caller wishes to stop: a pipe may stay silent for ever.
    func wait(for input: borrowing FileDescriptor) throws(RootFilesystemError.Reason) {
        guard let descriptor else { return }
        try throwIfReadable(among: [descriptor, input.number], wait: true)
    }

    private func throwIfReadable(among descriptors: [CInt], wait: Bool) throws(RootFilesystemError.Reason) {
        let readable = try kernel(try readableDescriptors(among: descriptors, wait: wait))
        guard readable.first != descriptor else { throw .cancelled }
    }
}
