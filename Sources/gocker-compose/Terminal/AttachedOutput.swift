internal import Compose
internal import Linux

/// Shows what instances print as it comes, line by line. What has come of a line waits until its end has.
final class AttachedOutput {
    private var layout: LogPrinter
    private var joiners: [Int: LineJoiner] = [:]
    private var output = LineOutput()

    init(instances: [String], style: LogPrinter.Style) {
        layout = LogPrinter(instances: instances, style: style)
    }

    func print(_ bytes: UnsafeRawBufferPointer, from stream: LogStream, of instance: String) {
        let index = layout.index(of: instance)
        output.begin(stream)
        joiners[index, default: LineJoiner()].take(bytes, from: stream, at: .now) { line in
            layout.append(line, of: index, to: &output.bytes)
            output.ended()
        }
        output.flush()
    }
}
