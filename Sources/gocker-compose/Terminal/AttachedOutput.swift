internal import Compose
internal import Linux

/// What an instance prints from now on, as it is.
final class AttachedOutput {
    private let view: LogView

    /// - Parameter poller: becomes readable when there may be something new.
    init(_ directory: StackDirectory, _ instance: String, _ poller: borrowing Poller) throws {
        view = try LogView(directory, services: [instance])
        _ = try view.read()
        try view.add(to: poller, token: 0)
    }

    func printNew() throws {
        for (_, line) in try view.read() {
            let stream: OutputStream = line.stream == .standardOutput ? .standardOutput : .standardError
            writeBytes(line.text + (line.isComplete ? [UInt8(ascii: "\n")] : []), to: stream)
        }
    }
}
