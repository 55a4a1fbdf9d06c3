/// A system call that failed: which one, on what, and why.
public struct SystemError: Error, Hashable, Sendable {
    /// What was attempted, in the words of the manual: `open`, `mount`, `clone3`.
    public let call: String

    /// What it was attempted on: a path, a name, or empty where the call says it all.
    public let subject: String

    public let errno: Errno

    public init(_ call: String, _ subject: String = "", _ errno: Errno) {
        self.call = call
        self.subject = subject
        self.errno = errno
    }
}

extension SystemError: CustomStringConvertible {
    /// For example `open /etc/passwd: Permission denied`.
    public var description: String {
        subject.isEmpty ? "\(call): \(errno)" : "\(call) \(subject): \(errno)"
    }
}
