internal import CLinux

/// What `/proc` says of a process at one moment. See proc(5), `/proc/PID/stat` and `/proc/PID/cmdline`.
public struct ProcessStatistics: Hashable, Sendable {
    public let processID: Int32
    public let parent: Int32
    /// The real user.
    public let user: UInt32
    /// As the program is called; up to 15 bytes.
    public let name: String
    /// What was executed with which arguments; empty for threads of the kernel and for what has ended.
    public let arguments: [String]
    /// The controlling terminal; nil where it has none.
    public let terminal: DeviceNumber?
    /// In user and kernel mode.
    public let processorTime: Duration
    public let startedAt: MonotonicTime

    /// Looks at a process that exists.
    ///
    /// - Throws: `SystemError`, `.noSuchProcess` where it does not.
    public init(of processID: Int32) throws(SystemError) {
        let gone = SystemError("find", "process \(processID)", .noSuchProcess)
        let directory = "/proc/\(processID)"
        guard let text = try? readText(directory + "/stat"), let open = text.firstIndex(of: "("),
            let close = text.lastIndex(of: ")"), let status = try? FileStatus.of(directory)
        else { throw gone }
        // From the third field on: the name may have any character in it.
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let device = UInt64(fields[4]),
            let userTicks = Int64(fields[11]), let systemTicks = Int64(fields[12]), let start = Int64(fields[19])
        else { throw gone }
        self.processID = processID
        self.parent = parent
        user = status.owner
        name = String(text[text.index(after: open)..<close])
        let words = ((try? readFile(directory + "/cmdline")) ?? []).split(
            separator: 0, omittingEmptySubsequences: false)
        arguments = words.dropLast().map { String(decoding: $0, as: UTF8.self) }
        terminal = device == 0 ? nil : DeviceNumber(dev_t(device))
        processorTime = Self.duration(ticks: userTicks + systemTicks)
        startedAt = MonotonicTime(sinceBoot: Self.duration(ticks: start))
    }

    private static func duration(ticks: Int64) -> Duration {
        .nanoseconds(ticks * 1_000_000_000 / Int64(max(1, sysconf(CInt(_SC_CLK_TCK)))))
    }
}
