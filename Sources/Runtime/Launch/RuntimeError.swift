public import Linux

/// Why a container did not start or could not be controlled.
public enum RuntimeError: Error, Hashable, Sendable {
    /// The payload could not be executed in the finished container.
    case execution(SystemError)
    /// The container could not be set up.
    case setup(SystemError)
    /// The container's first process ended before it executed anything, and said nothing: how, as far as that is known,
    /// and whether its memory limit had been reached.
    case ended(ExitStatus?, outOfMemory: Bool)
    case cgroup(CgroupError)
    case user(UserLookupError)
    /// The root file system is missing or not a directory.
    case root(SystemError)
    /// The system calls cannot be filtered as the spec says.
    case seccomp(SeccompError)
}

extension RuntimeError {
    /// The exit code that says so: 127 where the command does not exist, 126 where it cannot be executed, 125 where the
    /// fault is not the command's.
    public var exitCode: Int32 {
        guard case .execution(let error) = self else { return 125 }
        return error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory ? 127 : 126
    }
}

extension RuntimeError {
    /// The first kernel with all that a container is made with, and the oldest that is tested. What is newer, such as
    /// mount_setattr(2), has another way beside it.
    static let oldestKernel = KernelVersion(major: 5, minor: 10)

    /// What the kernel's answer does not say.
    static func hint(_ error: SystemError) -> String {
        if error.call == "clone", error.errno == .wouldBlock {
            return " (a limit on the number of processes has been reached: a cgroup's pids.max, or the user's)"
        }
        // What an engine keeps from its containers, where ours runs in one of them.
        if error.call == "pivot_root", error.errno == .operationNotPermitted {
            return " (a filter of system calls forbids it; in a container of Docker's: "
                + "--security-opt seccomp=unconfined)"
        }
        if error.call == "set the propagation of", error.errno == .permissionDenied {
            return " (AppArmor forbids it; in a container of Docker's: --security-opt apparmor=unconfined)"
        }
        if error.call == "clone", [.notImplemented, .operationNotPermitted].contains(error.errno) {
            return " (gocker doctor says what is missing here)"
        }
        return hint(onKernel: KernelVersion.running)
    }

    /// What an older kernel fails with does not say that it is too old.
    static func hint(onKernel kernel: KernelVersion?) -> String {
        guard let kernel, kernel < oldestKernel else { return "" }
        return " (this is Linux \(kernel); Gocker needs \(oldestKernel) or newer)"
    }
}

extension RuntimeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .execution(let error) where error.subject.hasSuffix("$PATH"):
            // The sentence engines look for, complete without the errno's text.
            "\(error.call) \(error.subject)"
        case .execution(let error): "\(error)"
        case .setup(let error): "\(error)\(Self.hint(error))"
        case .ended(let status, let outOfMemory):
            "the container's first process ended before it ran the command: it "
                + (status.map { "\($0)" } ?? "is gone")
                + (outOfMemory ? " (the memory limit is too low to start anything)" : "")
        case .cgroup(let error): "\(error)"
        case .user(let error): "\(error)"
        case .seccomp(let error): "\(error)"
        case .root(let error): "root file system \(error.subject): \(error.errno)"
        }
    }
}
