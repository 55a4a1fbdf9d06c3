internal import CLinux

/// What is known of a process that may have ended.
public enum ProcessEnding: Hashable, Sendable {
    case running
    /// Nil where nobody can tell how.
    case ended(ExitStatus?)
}

extension ProcessHandle {
    /// Whether it has ended and how, also where somebody else is its parent. A child of ours is reaped.
    ///
    /// What is not our child tells how it ended by PIDFD_GET_INFO (Linux 6.15) once its parent has taken note of it, and
    /// until then in `/proc/PID/stat`, field 52. See pidfd_open(2), proc(5).
    public func ending() -> ProcessEnding {
        do {
            return try poll().map { .ended($0) } ?? .running
        } catch  where error.errno == .noChild {
            guard hasEnded else { return .running }
            return .ended(statusAfterReaping() ?? statusOfZombie() ?? statusAfterReaping())
        } catch {
            return .ended(nil)
        }
    }

    private var hasEnded: Bool {
        guard let readable = try? readableDescriptors(among: [descriptor.number], wait: false) else { return true }
        return !readable.isEmpty
    }

    private func statusAfterReaping() -> ExitStatus? { Self.statusAfterReaping(descriptor) }

    private func statusOfZombie() -> ExitStatus? { Self.statusOfZombie(processID) }

    /// How a process has ended whose handle somebody kept, whether its parent has taken note of that or not; nil where it
    /// runs, or the kernel does not tell.
    public static func exitStatus(ofKept descriptor: borrowing FileDescriptor) -> ExitStatus? {
        statusAfterReaping(descriptor) ?? (try? number(of: descriptor)).flatMap(statusOfZombie)
            ?? statusAfterReaping(descriptor)
    }

    /// See pidfd_open(2), PIDFD_GET_INFO.
    private static func statusAfterReaping(_ descriptor: borrowing FileDescriptor) -> ExitStatus? {
        var status: CInt = 0
        let number = descriptor.number
        let result = try? system("ioctl", "pidfd") { clinux_pidfd_exit_status(number, &status) }
        return result == nil ? nil : ExitStatus(waitStatus: status)
    }

    private static func statusOfZombie(_ processID: Int32) -> ExitStatus? {
        guard let text = try? readText("/proc/\(processID)/stat"), let name = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[text.index(after: name)...].split { $0 == " " || $0 == "\n" }
        // The third field of the file is the first behind the name.
        guard fields.first == "Z", fields.count > 49, let status = CInt(fields[49]) else { return nil }
        return ExitStatus(waitStatus: status)
    }
}

extension ExitStatus {
    /// Reads what wait(2) gives.
    init(waitStatus status: CInt) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(Signal(rawValue: signal))
    }
}
