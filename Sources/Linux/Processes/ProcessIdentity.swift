/// A process as it can be found again: its number, and when it began, which no later process of that number shares. See
/// proc(5), `/proc/PID/stat`, field 22.
public struct ProcessIdentity: Hashable, Sendable {
    public let processID: Int32
    /// In clock ticks since the machine started.
    public let startTime: UInt64

    public init(processID: Int32, startTime: UInt64) {
        self.processID = processID
        self.startTime = startTime
    }

    /// Looks at a process that exists.
    ///
    /// - Throws: `SystemError`, `.noSuchProcess` where it does not.
    public init(of processID: Int32) throws(SystemError) {
        self.init(processID: processID, startTime: try Self.statistics(of: processID).startTime)
    }

    /// Whether it still runs. One that has ended and only waits for its parent does not.
    public var isRunning: Bool {
        guard let statistics = try? Self.statistics(of: processID) else { return false }
        return statistics.startTime == startTime && statistics.state != "Z" && statistics.state != "X"
    }

    /// Opens it.
    ///
    /// - Returns: nil where it does not run any more.
    public func open() -> ProcessHandle? {
        // Asked again once it is held: before that the number could have gone to another one.
        guard let handle = try? ProcessHandle(opening: processID), isRunning else { return nil }
        return handle
    }

    private static func statistics(of processID: Int32) throws(SystemError) -> (state: String, startTime: UInt64) {
        let text: String
        do {
            text = try readText("/proc/\(processID)/stat")
        } catch {
            throw SystemError("find", "process \(processID)", .noSuchProcess)
        }
        // The name, in parentheses, may have any character in it: what follows the last of them counts.
        let fields = (text.lastIndex(of: ")").map { text[text.index(after: $0)...] } ?? "").split(separator: " ")
        guard fields.count > 19, let startTime = UInt64(fields[19]) else {
            throw SystemError("find", "process \(processID)", .noSuchProcess)
        }
        return (String(fields[0]), startTime)
    }
}
