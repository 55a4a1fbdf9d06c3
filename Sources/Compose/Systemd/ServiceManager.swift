internal import Linux

/// The service manager that has started this process, and wants to hear how it does: systemd, or whoever speaks as it does.
/// See sd_notify(3), sd_listen_fds(3).
final class ServiceManager {
    private let socket: String
    /// How often it wants to hear that we are alive; nil for never.
    let watchdogPeriod: Duration?
    /// Descriptors that were in its keeping, by the names we gave them.
    private var kept: [String: Kept] = [:]

    private final class Kept {
        let descriptor: FileDescriptor

        init(_ descriptor: consuming FileDescriptor) {
            self.descriptor = descriptor
        }

        var exitStatus: ExitStatus? { ProcessHandle.exitStatus(ofKept: descriptor) }
    }

    /// The first descriptor that a manager passes.
    private static let firstDescriptor: CInt = 3

    /// What a program has to know that this process becomes, and that is to go on telling. Descriptors are not passed on:
    /// what runs is still its child.
    static var inheritance: [String] {
        ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"].compactMap { name in
            environmentVariable(name).map { "\(name)=\($0)" }
        }
    }

    /// - Returns: nil where nobody wants to hear.
    init?(environment variable: (String) -> String?) {
        guard let socket = variable("NOTIFY_SOCKET"), !socket.isEmpty else { return nil }
        self.socket = socket
        let isForUs = variable("WATCHDOG_PID").map { $0 == "\(ownProcessID)" } ?? true
        // Twice as often as it gets impatient, as sd_watchdog_enabled(3) advises.
        watchdogPeriod =
            isForUs
            ? variable("WATCHDOG_USEC").flatMap { Int64($0) }.map { .microseconds($0 / 2) } : nil
        guard variable("LISTEN_PID") == "\(ownProcessID)", let count = variable("LISTEN_FDS").flatMap({ CInt($0) }),
            count > 0
        else { return }
        let names = (variable("LISTEN_FDNAMES") ?? "").split(separator: ":", omittingEmptySubsequences: false)
        for index in 0..<count {
            let descriptor = FileDescriptor(owning: Self.firstDescriptor + index)
            try? descriptor.setCloseOnExec()
            let name = Int(index) < names.count ? String(names[Int(index)]) : ""
            kept[name] = Kept(descriptor)
        }
    }

    /// Everything is as it was asked for.
    func ready(_ status: String) { tell("READY=1\nSTATUS=\(status)") }

    /// It is being made something else; `ready` says that this is through.
    func reloading() { tell("RELOADING=1") }

    /// - Parameter time: how long that may take.
    func stopping(within time: Duration) { tell("STOPPING=1\nEXTEND_TIMEOUT_USEC=\(Int64(time / .microseconds(1)))") }

    func ping() { tell("WATCHDOG=1") }

    /// Lets it keep the handle of a process: what ends while nobody supervises it can be asked how, later.
    func keep(_ process: borrowing ProcessHandle, as name: String) {
        // Left alone, it would forget the handle in the moment that this is for: the end of the process.
        tell("FDSTORE=1\nFDPOLL=0\nFDNAME=\(name)", process.descriptor.number)
    }

    func drop(_ name: String) { tell("FDSTOREREMOVE=1\nFDNAME=\(name)") }

    /// How the process has ended whose handle it has kept under a name; nil where nobody can tell.
    func exitStatus(of name: String) -> ExitStatus? {
        kept[name]?.exitStatus
    }

    private func tell(_ text: String, _ descriptor: CInt = -1) {
        // A manager that does not listen is no reason to stop.
        try? sendDatagram(Array(text.utf8), to: socket, with: descriptor)
    }
}
