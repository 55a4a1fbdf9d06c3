internal import CLinux

/// An error number of the kernel. Never fails to represent a code.
///
/// See errno(3).
public struct Errno: RawRepresentable, Hashable, Sendable {
    public let rawValue: CInt

    public init(rawValue: CInt) {
        self.rawValue = rawValue
    }

    public static let operationNotPermitted = Errno(rawValue: EPERM)
    public static let noSuchFileOrDirectory = Errno(rawValue: ENOENT)
    public static let noSuchProcess = Errno(rawValue: ESRCH)
    public static let interrupted = Errno(rawValue: EINTR)
    public static let inputOutput = Errno(rawValue: EIO)
    public static let execFormat = Errno(rawValue: ENOEXEC)
    public static let badFileDescriptor = Errno(rawValue: EBADF)
    public static let noChild = Errno(rawValue: ECHILD)
    public static let wouldBlock = Errno(rawValue: EAGAIN)
    public static let outOfMemory = Errno(rawValue: ENOMEM)
    public static let permissionDenied = Errno(rawValue: EACCES)
    public static let badAddress = Errno(rawValue: EFAULT)
    public static let busy = Errno(rawValue: EBUSY)
    public static let fileExists = Errno(rawValue: EEXIST)
    public static let noSuchDevice = Errno(rawValue: ENODEV)
    public static let notDirectory = Errno(rawValue: ENOTDIR)
    public static let isDirectory = Errno(rawValue: EISDIR)
    public static let invalidArgument = Errno(rawValue: EINVAL)
    public static let notTerminal = Errno(rawValue: ENOTTY)
    public static let fileTooLarge = Errno(rawValue: EFBIG)
    public static let noSpace = Errno(rawValue: ENOSPC)
    public static let readOnlyFileSystem = Errno(rawValue: EROFS)
    public static let brokenPipe = Errno(rawValue: EPIPE)
    public static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
    public static let notImplemented = Errno(rawValue: ENOSYS)
    public static let directoryNotEmpty = Errno(rawValue: ENOTEMPTY)
    public static let tooManyLinks = Errno(rawValue: ELOOP)
    public static let crossDevice = Errno(rawValue: EXDEV)
    public static let notSupported = Errno(rawValue: EOPNOTSUPP)
    public static let addressInUse = Errno(rawValue: EADDRINUSE)
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
    public static let protocolError = Errno(rawValue: EPROTO)
    public static let timedOut = Errno(rawValue: ETIMEDOUT)
    public static let noSuchDeviceOrAddress = Errno(rawValue: ENXIO)
    public static let noBufferSpace = Errno(rawValue: ENOBUFS)
    public static let notConnected = Errno(rawValue: ENOTCONN)
    public static let inProgress = Errno(rawValue: EINPROGRESS)
    public static let cancelled = Errno(rawValue: ECANCELED)
}

extension Errno: CustomStringConvertible {
    /// The C library's text, e.g. `Operation not permitted`. See strerror(3).
    public var description: String {
        guard let text = strerrordesc_np(rawValue) else { return "error \(rawValue)" }
        return String(cString: text)
    }
}
