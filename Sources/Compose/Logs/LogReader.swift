public import Linux

/// Reads what one instance has printed, from the oldest line kept on, and further as it is written.
public final class LogReader {
    public let instance: String
    private let path: String
    private var file: FileDescriptor?
    /// The begin of a record whose end is not written yet.
    private var rest: [UInt8] = []

    /// - Parameter path: the file being written; one that was set aside before is read first.
    init(instance: String, path: String) {
        self.instance = instance
        self.path = path
        file =
            (try? FileDescriptor.open(LogFile.olderPath(path), .noFollow))
            ?? (try? FileDescriptor.open(path, .noFollow))
    }

    /// The lines that have come since the last call.
    public func read() throws(SystemError) -> [LogLine] {
        var lines: [LogLine] = []
        while true {
            lines += try readFile()
            guard try openNext() else { return lines }
        }
    }

    private func readFile() throws(SystemError) -> [LogLine] {
        var lines: [LogLine] = []
        switch file {
        case .some(let file):
            while case .bytes(let bytes) = try file.read(upTo: 65536) {
                rest += bytes
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    if let line = LogLine(record: rest[..<end]) { lines.append(line) }
                    rest.removeFirst(end + 1)
                }
            }
        case nil:
            break
        }
        return lines
    }

    /// Goes on to the file at `path` where the one read so far is another: it has been set aside, and is complete.
    private func openNext() throws(SystemError) -> Bool {
        guard let current = try? FileStatus.ofLink(path) else { return false }
        switch file {
        case .some(let file):
            let status = try file.status()
            if status.inode == current.inode, status.device == current.device { return false }
        case nil:
            break
        }
        file = try? FileDescriptor.open(path, .noFollow)
        rest = []
        return true
    }
}
