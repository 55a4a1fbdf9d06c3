import Linux
import Testing

@testable import Compose

/// A directory of logs of a test's own.
final class LogScratch {
    let directory: String
    let instance: InstanceName

    init() throws {
        let name = try randomBytes(8).map { String($0, radix: 16) }.joined()
        directory = "/tmp/gocker-logs-\(name)"
        try makeDirectory(directory)
        instance = InstanceName(try #require(ServiceName("web")))
    }

    deinit { try? removeTree(directory) }

    /// A writer as a supervisor has one.
    func writer(_ driver: Logging.Driver = .local(.standard)) throws -> LogWriter {
        LogWriter(
            LogSource(instance), of: try #require(ProjectName("test")), Logging(driver: driver, mode: .blocking),
            directory: directory, compressor: nil, complain: { _ in })
    }

    func reader() -> LogReader { LogReader("\(instance)", in: directory) }

    /// The file being written.
    func current(_ kind: LogFileName.Kind = .local) -> String {
        "\(directory)/\(LogFileName("\(instance)", kind).text)"
    }

    /// All lines kept, each as `NUMBER TEXT`, and what is missing as `NUMBER -COUNT`.
    func lines() throws -> [String] { try reader().rest() }
}

extension LogWriter {
    func append(_ text: String, _ stream: LogStream = .standardOutput, at time: WallTime = .now) {
        append(Array(text.utf8), stream, at: time)
    }

    func append(_ bytes: [UInt8], _ stream: LogStream = .standardOutput, at time: WallTime = .now) {
        bytes.withUnsafeBytes { append($0, from: stream, at: time) }
    }
}

extension LogReader {
    /// What there is from here on.
    func rest() throws -> [String] {
        var found: [String] = []
        while try advance() {
            takePending { line in
                found.append("\(line.number) \(String(decoding: line.text, as: UTF8.self))")
            } lost: { lost in
                found.append("\(lost.first) -\(lost.count)")
            }
        }
        return found
    }
}
