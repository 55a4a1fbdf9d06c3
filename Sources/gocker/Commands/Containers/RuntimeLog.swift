internal import JSON
internal import Linux

/// The file that engines ask for, where they find what went wrong: a line for each message.
struct RuntimeLog: Sendable {
    enum Format: String {
        case text
        case json
    }

    enum Level: String {
        case debug
        case warning
        case error
    }

    private let path: String?
    private let format: Format
    private let isDebugging: Bool

    init(_ options: GlobalOptions) {
        path = options.log
        format = options.logFormat
        isDebugging = options.isDebugging
    }

    /// Writes a message to the file, and to standard error unless it is for debugging.
    func write(_ level: Level, _ message: String) {
        if level != .debug {
            writeLine(
                level == .error ? "gocker: \(message)" : "gocker: \(level.rawValue): \(message)", to: .standardError)
        }
        guard let path, level != .debug || isDebugging else { return }
        do {
            try write(level, message, to: path)
        } catch {
            writeLine("gocker: warning: --log \(path) misses this: \(error)", to: .standardError)
        }
    }

    /// What must not happen unseen does not happen where the file cannot be written.
    func check() throws {
        guard let path else { return }
        do {
            _ = try open(path)
        } catch {
            throw Failure("--log: \(error)", exitCode: 1)
        }
    }

    private func open(_ path: String) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(path, [.write, .create, .append], mode: 0o644)
    }

    private func write(_ level: Level, _ message: String, to path: String) throws(SystemError) {
        let time = "\(WallTime.now)"
        let line =
            switch format {
            case .json:
                JSONWriter.compact(
                    ["level": .string(level.rawValue), "msg": .string(message), "time": .string(time)])
            case .text:
                "time=\"\(time)\" level=\(level.rawValue) msg=\(JSONWriter.compact(.string(message)))"
            }
        try open(path).writeAll("\(line)\n".utf8)
    }
}
