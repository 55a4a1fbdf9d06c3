internal import ArgumentParser
internal import Compose
internal import Linux

/// `up` in the foreground: this process supervises the stack, or, where another one does, watches it.
struct AttachedRun {
    private let stack: Stack
    private let directory: StackDirectory
    private let files: [String]
    private let instances: [String]

    init(_ stack: Stack, _ directory: StackDirectory, files: [String]) {
        self.stack = stack
        self.directory = directory
        self.files = files
        instances = stack.instances.map(\.description)
    }

    private var style: LogPrinter.Style {
        var style = LogPrinter.Style()
        style.isColoured = OutputStream.standardOutput.isColoured
        return style
    }

    func run() throws {
        let printer = EventPrinter(instances: instances)
        let output = AttachedOutput(instances: instances, style: style)
        var isStopping = false
        let observer = Supervisor.Observer { event in
            if event.kind == .stopping, !isStopping {
                isStopping = true
                writeLine("Stopping gracefully; press Ctrl+C again to kill.", to: .standardError)
            }
            printer.print(event)
        } output: { instance, stream, bytes in
            output.print(bytes, from: stream, of: instance)
        }
        guard let supervisor = try Supervisor(directory, observer: observer) else {
            return try watch()
        }
        try supervisor.reconcile(stack, directory: stack.directory, files: files)
        if try supervisor.run() { throw ExitCode(130) }
        if !supervisor.failed.isEmpty { throw ExitCode(1) }
    }

    /// The stack runs elsewhere: make it what the file says, then show what it prints until it ends or we are told to
    /// stop it.
    private func watch() throws {
        let client = StackClient(directory)
        let printer = EventPrinter(instances: instances)
        let signals = try SignalQueue([.interrupt, .terminate])
        var query = LogQuery()
        query.since = .now
        let failed = try client.up(stack, files: files, onEvent: printer.print)
        guard failed.isEmpty else { throw ExitCode(1) }
        var screen = LogScreen(try LogView(directory, query), style: style)
        try screen.show()
        guard try screen.follow(signals: signals) else { return }
        writeLine("Stopping gracefully; press Ctrl+C again to kill.", to: .standardError)
        try client.stop(force: false, onEvent: printer.print)
        throw ExitCode(130)
    }
}
