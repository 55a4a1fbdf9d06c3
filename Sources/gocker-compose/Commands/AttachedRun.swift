internal import ArgumentParser
internal import Compose
internal import Linux

/// `up` in the foreground: this process supervises the stack, or, where another one does, watches it.
struct AttachedRun {
    private let stack: Stack
    private let directory: StackDirectory
    private let request: UpRequest
    private let instances: [String]

    init(_ stack: Stack, _ directory: StackDirectory, _ request: UpRequest) {
        self.stack = stack
        self.directory = directory
        self.request = request
        instances = stack.instances.map(\.description)
    }

    func run() throws {
        let display = ProgressDisplay(verb: "up", instances: instances)
        defer { display.end() }
        var layout = LogPrinter(instances: instances, isColoured: OutputStream.standardOutput.isColoured)
        var isStopping = false
        var observer = Supervisor.Observer { event in
            if event.kind == .stopping, !isStopping {
                isStopping = true
                display.giveWay()
                writeLine("Stopping gracefully; press Ctrl+C again to kill.", to: .standardError)
            }
            display.show(event)
        } lines: { instance, lines in
            display.giveWay()
            for line in lines {
                let stream: OutputStream = line.stream == .standardOutput ? .standardOutput : .standardError
                writeBytes(layout.format(line, of: instance), to: stream)
            }
        }
        observer.nextFrame = { display.nextFrame }
        observer.refresh = display.refresh
        guard let supervisor = try Supervisor(directory, observer: observer) else {
            return try watch()
        }
        try supervisor.up(request)
        if try supervisor.run() { throw ExitCode(130) }
        if !supervisor.failed.isEmpty { throw ExitCode(1) }
    }

    /// The stack runs elsewhere: make it what the file says, then show what it prints until it ends or we are told to
    /// stop it.
    private func watch() throws {
        let client = StackClient(directory)
        let display = ProgressDisplay(verb: "up", instances: instances)
        defer { display.end() }
        let signals = try SignalQueue([.interrupt, .terminate])
        let begin = WallTime.now
        let failed = try client.up(request, onEvent: display.show, whileWaiting: display.wait)
        display.giveWay()
        guard failed.isEmpty else { throw ExitCode(1) }
        var screen = LogScreen(try LogView(directory, services: []))
        try screen.show(since: begin)
        guard try screen.follow(signals: signals) else { return }
        writeLine("Stopping gracefully; press Ctrl+C again to kill.", to: .standardError)
        try client.stop(force: false, onEvent: display.show)
        throw ExitCode(130)
    }
}
