public import Linux

/// Why system calls cannot be filtered as asked.
public enum SeccompError: Error, Hashable, Sendable {
    /// The profile asks for something that is not there, or is not one: `syscalls[3].action: …`.
    case profile(String)
    /// libseccomp does not accept a part of the profile.
    case library(String, Errno)
    /// The program has more instructions than the kernel takes.
    case tooLong(Int)
    case system(SystemError)
}

extension SeccompError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .profile(let message): "seccomp profile: \(message)"
        case .library(let step, let errno): "seccomp profile: libseccomp does not accept \(step): \(errno)"
        case .tooLong(let count): "seccomp profile: it takes \(count) instructions, and the kernel takes 4096"
        case .system(let error): "seccomp profile: \(error)"
        }
    }
}
