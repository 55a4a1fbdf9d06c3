internal import ArgumentParser
internal import Compose
internal import Linux

/// `up` in the foreground: the stack runs under a supervisor of its own, and this shows what it does and prints until it
/// ends, or stops it when it is told to.
final class AttachedRun {
    private let preparation: UpPreparation
    private let options: AttachmentOptions
    private let display: ProgressDisplay
    private let shown: Set<String>
    /// The services whose completion others wait for.
    private let awaited: Set<String>
    private var screen: LogScreen
    /// For what is kept in no log of ours, and comes over the connection.
    private var printer: LogPrinter
    private let view: LogView
    private let session: StackSession
    private let signals: SignalQueue
    private var states: [String: StackEvent.Kind] = [:]
    private var interruptions = 0
    private var isStopping = false
    /// Whether the whole stack stops: the end of its supervisor is ours, too.
    private var stopsAll = false
    private var isSettled = false
    /// What the program ends with.
    private var exitCode: Int32?

    private enum Token: UInt64 {
        case session, signals, logs
    }

    init(_ preparation: UpPreparation, _ options: AttachmentOptions) throws {
        self.preparation = preparation
        self.options = options
        display = ProgressDisplay(verb: "up", instances: preparation.instances)
        shown = options.attached(
            preparation.stack, named: preparation.named, selected: preparation.request.services)
        awaited = Set(
            preparation.stack.allServices.flatMap(\.dependencies).filter { $0.condition == .completed }
                .map(\.service.text))
        signals = try SignalQueue([.interrupt, .terminate, .hangUp, .windowChanged])
        session = try StackSession.watching(preparation.directory)
        view = try LogView.fromNow(preparation.directory, services: shown)
        screen = LogScreen(view, style: options.style)
        printer = LogPrinter(instances: preparation.instances, style: options.style)
    }

    func run() throws {
        defer { display.end() }
        do {
            try loop()
        } catch let error as SystemError {
            throw Failure("\(error)")
        }
        try printNew()
        display.end()
        ExitReport(preparation.directory).show()
        if let exitCode { throw ExitCode(exitCode) }
    }

    private func loop() throws {
        try session.up(preparation.request)
        let poller = try Poller()
        try session.add(to: poller, token: Token.session.rawValue)
        try poller.add(signals.descriptor, token: Token.signals.rawValue)
        try view.add(to: poller, token: Token.logs.rawValue)
        while true {
            let timeout = display.nextFrame.map { max(.zero, $0 - .now) }
            for event in try poller.wait(timeout: timeout) {
                switch Token(rawValue: event.token) {
                case .session:
                    // What was printed before something happened is shown before it.
                    try printNew()
                    guard let words = session.hear() else { return }
                    for word in words { try take(word) }
                    if isDone { return }
                case .signals: while let signal = try signals.next() { try take(signal) }
                case .logs: try printNew()
                case nil: break
                }
            }
            display.refresh()
        }
    }

    private func printNew() throws {
        try screen.printNew { display.giveWay() }
    }

    private func take(_ word: StackSession.Word) throws {
        switch word {
        case .event(let event):
            if event.kind != .state { display.show(event) }
            if isMine(event.instance) { try take(event) }
        case .line(let instance, let stream, let text):
            if isMine(instance) { show(text, from: stream, of: instance) }
        case .watching: break
        case .done(let failed):
            isSettled = true
            if !failed.isEmpty, exitCode == nil { exitCode = 1 }
        case .refused(let reason):
            throw Failure(reason)
        }
    }

    private func show(_ text: [UInt8], from stream: LogStream, of instance: String) {
        display.giveWay()
        var bytes: [UInt8] = []
        let index = printer.index(of: instance)
        text.withUnsafeBytes {
            printer.append(LogLine(time: .now, stream: stream, number: 0, text: $0), of: index, to: &bytes)
        }
        writeBytes(bytes, to: stream == .standardOutput ? .standardOutput : .standardError)
    }

    private func take(_ event: StackEvent) throws {
        states[event.instance] = event.kind
        if event.instance.dropLastNumber == options.exitCodeFrom, let code = event.exitCode,
            [.exited, .stopped].contains(event.kind)
        {
            exitCode = code
        }
        guard !isStopping, [.exited, .failed].contains(event.kind) else { return }
        let code = event.exitCode ?? 1
        // Others wait for it to be done: that is what it is for.
        if code == 0, awaited.contains(event.instance.dropLastNumber) { return }
        let aborts =
            options.exitCodeFrom != nil || options.abortOnContainerExit
            || options.abortOnContainerFailure && code != 0
        guard aborts else { return }
        display.giveWay()
        writeLine("Aborting on container exit...", to: .standardError)
        if options.exitCodeFrom == nil { exitCode = code }
        isStopping = true
        try stopAll()
    }

    private func stopAll() throws {
        stopsAll = true
        try tell { () throws(SystemError) in try session.stop(within: preparation.request.timeout) }
    }

    /// Asks the supervisor for something. Where it has just ended, as nothing runs any more, its end is heard next.
    private func tell(_ body: () throws(SystemError) -> Void) throws {
        do {
            try body()
        } catch  where error.errno == .brokenPipe {}
    }

    private func take(_ signal: Signal) throws {
        guard signal != .windowChanged else { return display.refresh() }
        interruptions += 1
        exitCode = 128 + signal.rawValue
        isStopping = true
        let names = preparation.named.map(\.text)
        if interruptions == 1 {
            display.giveWay()
            writeLine("Stopping gracefully; press Ctrl+C again to kill.", to: .standardError)
            if names.isEmpty { return try stopAll() }
            // What they need goes on: somebody else may need it too.
            isSettled = false
            let stop = StackOperation(.stop(timeout: preparation.request.timeout), names)
            try tell { () throws(SystemError) in try session.operate(stop) }
        } else {
            let kill = StackOperation(.kill(Signal.kill.rawValue), names)
            try tell { () throws(SystemError) in
                names.isEmpty ? try session.kill() : try session.operate(kill)
            }
        }
    }

    /// Whether an instance is one of those that are shown.
    private func isMine(_ instance: String) -> Bool { shown.contains(instance.dropLastNumber) }

    /// Whether nothing of what is shown runs or will run. What is shown only because the named services need it may go on:
    /// it is not what was asked for.
    private var isDone: Bool {
        guard isSettled, !stopsAll, !preparation.named.isEmpty || !options.attach.isEmpty else { return false }
        let named = Set(preparation.named.map(\.text))
        let mine = preparation.stack.instances.map(\.description).filter(isMine)
        return mine.filter { !options.attachDependencies || named.contains($0.dropLastNumber) }.allSatisfy { instance in
            switch states[instance] {
            case .exited, .failed, .stopped, .removed, .done: true
            default: false
            }
        }
    }
}

extension String {
    /// The service of an instance: `web` of `web-1`.
    fileprivate var dropLastNumber: String { split(separator: "-").dropLast().joined(separator: "-") }
}
