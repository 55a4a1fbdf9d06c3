internal import Compose
internal import Linux

/// What an instance prints from now on, as it is.
final class AttachedOutput {
    private let view: LogView
    private var output = LineOutput()

    /// - Parameter poller: becomes readable when there may be something new.
    init(_ directory: StackDirectory, _ instance: String, _ poller: borrowing Poller) throws {
        view = try LogView.fromNow(directory, services: [instance])
        try view.add(to: poller, token: 0)
    }

    func printNew() throws {
        try view.read { _, line in
            output.begin(line.stream)
            output.bytes += line.text
            output.bytes.append(UInt8(ascii: "\n"))
            output.ended()
        } lost: { _, lost in
            output.begin(OutputStream.standardError)
            output.bytes += Array("gocker-compose: \(lost.count) lines are lost: \(lost.reason)\n".utf8)
            output.ended()
        }
        output.flush()
    }
}
