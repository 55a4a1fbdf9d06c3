internal import Linux

/// How long each step of a start took, from when the program begins to its `main` on.
public final class StartTrace {
    private var steps: [(text: String, end: MonotonicTime)] = []
    private let begin = MonotonicTime.now

    public init() {}

    func mark(_ text: String) { steps.append((text, .now)) }

    /// Adds the operations of the init stage, which ran while the parent waited.
    func add(_ program: InitProgram, _ times: [MonotonicTime]) {
        for (operation, time) in zip(program.operations, times) { steps.append((operation.description, time)) }
        steps.sort { $0.end < $1.end }
    }
}

extension StartTrace: CustomStringConvertible {
    /// A line for each step: the microseconds it took, and those since the beginning.
    public var description: String {
        var lines = ["  took   since the beginning, in microseconds"]
        var last = begin
        for step in steps {
            lines.append(
                "\(Self.padded(step.end.nanoseconds - last.nanoseconds))  \(Self.padded(step.end.nanoseconds - begin.nanoseconds))  \(step.text)"
            )
            last = step.end
        }
        return lines.joined(separator: "\n")
    }

    private static func padded(_ nanoseconds: Int64) -> String {
        let text = String((nanoseconds + 500) / 1000)
        return String(repeating: " ", count: max(0, 6 - text.count)) + text
    }
}
