internal import CLinux

/// A number that somebody, often the kernel, adds to: readable, eight bytes that empty it, when it is not zero. See eventfd(2).
public struct EventCounter: ~Copyable {
    public let descriptor: FileDescriptor

    public init() throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try system("eventfd") { eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK)) })
    }

    /// Gives up all but the descriptor, for one who reads it without asking what kind it is.
    public consuming func keepingDescriptor() -> FileDescriptor { descriptor }
}
