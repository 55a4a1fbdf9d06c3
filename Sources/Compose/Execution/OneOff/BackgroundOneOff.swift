internal import FoundationEssentials
internal import Linux
internal import OrderedCollections
internal import Runtime

/// A process of its own that looks after a one-off container in the background: keeps what it prints, and writes down how
/// it ended.
public enum BackgroundOneOff {
    private static let name = "gocker-oneoff"
    /// Where the command that started it is connected.
    private static let clientDescriptor: CInt = 3

    /// What it is told.
    private struct Order: Codable {
        let request: OneOffRequest
        let name: String
        let definition: String
        let directory: String
    }

    /// What it answers once the container runs, or never will.
    private struct Answer: Codable {
        var failure: String?
        var exitCode: Int32 = 0
    }

    /// Starts one, and returns once its container runs.
    ///
    /// - Throws: `ExecutionFailure.detached` in the words of whoever looks after it.
    static func start(_ oneOff: OneOff) throws(ExecutionFailure) {
        do {
            let nothing = try FileDescriptor.open("/dev/null", .readWrite)
            let log = try FileDescriptor.open(
                oneOff.directory.supervisorLog, [.write, .create, .append, .noFollow], mode: 0o600)
            let sockets = try SocketPair()
            let directory = oneOff.directory
            _ = try spawn(
                executable: try OwnExecutable.open(),
                arguments: [name, directory.project.text, directory.runBase, directory.dataBase],
                descriptors: [nothing.number, nothing.number, log.number, sockets.second.number])
            let connection = sockets.keepingFirst()
            let order = Order(
                request: oneOff.request, name: oneOff.name, definition: oneOff.stack.canonicalYAML,
                directory: oneOff.stack.directory)
            try connection.sendAll(ControlLine.encode(order))
            var received: [UInt8] = []
            while received.last != UInt8(ascii: "\n"), case .bytes(let bytes) = try connection.read(upTo: 65536) {
                received += bytes
            }
            guard let answer = ControlLine.decode(received, as: Answer.self) else {
                throw ExecutionFailure.detached("it ended before it ran", exitCode: 1)
            }
            if let failure = answer.failure {
                throw ExecutionFailure.detached(failure, exitCode: answer.exitCode)
            }
        } catch {
            throw ExecutionFailure(error, doing: oneOff.name)
        }
    }

    /// Becomes such a process where this one was executed as one; otherwise returns at once.
    public static func runIfRequested() {
        let arguments = CommandLine.arguments
        guard arguments.first == name, arguments.count == 4, let project = ProjectName(arguments[1]) else { return }
        let directory = StackDirectory(project, runBase: arguments[2], dataBase: arguments[3])
        let client = FileDescriptor(owning: clientDescriptor)
        do {
            try startSession()
            try changeWorkingDirectory(to: "/")
            setFileModeMask(0o022)
            var received: [UInt8] = []
            while received.last != UInt8(ascii: "\n"), case .bytes(let bytes) = try client.read(upTo: 65536) {
                received += bytes
            }
            guard let order = ControlLine.decode(received, as: Order.self),
                let stack = CanonicalStack.read(order.definition, project: project, directory: order.directory),
                let name = ServiceName(order.request.service), let service = stack.services[name]
            else { throw SystemError("read", "what is to be run", .protocolError) }
            try BackgroundOneOffRun(order.request, named: order.name, service, stack, directory).run {
                try? client.sendAll(ControlLine.encode(Answer()))
            }
            exitImmediately(0)
        } catch {
            let failure = ExecutionFailure(error, doing: "\(project)")
            let answer = Answer(failure: "\(failure)", exitCode: failure.exitCode)
            try? client.sendAll(ControlLine.encode(answer))
            exitImmediately(1)
        }
    }
}

/// The run of a one-off container in the background.
private final class BackgroundOneOffRun {
    private let service: Service
    private let stack: Stack
    private let oneOff: OneOffContainer
    private let pumps: [OutputPump]
    private let buffer = OutputBuffer()
    private let log: LogWriter
    private let signals: SignalQueue

    private static let signalToken: UInt64 = 100
    private static let processToken: UInt64 = 101

    init(
        _ request: OneOffRequest, named name: String, _ service: Service, _ stack: Stack, _ directory: StackDirectory
    ) throws {
        let oneOffs = OneOffs(directory)
        signals = try SignalQueue(Signal.forwardable)
        try makeDirectories(parentDirectory(of: oneOffs.output(of: name, .standardOutput)) ?? "/", mode: 0o700)
        let log = LogWriter(
            LogSource(name, of: service.name), of: directory.project, service.logging, directory: directory.logs,
            compressor: nil)
        pumps = try LogStream.allCases.map { stream in
            try OutputPump(
                stream, path: oneOffs.output(of: name, stream), log: log, mode: service.logging.mode)
        }
        self.log = log
        self.service = service
        self.stack = stack
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        let output = try pumps[0].openForService()
        let errors = try pumps[1].openForService()
        oneOff = try OneOffContainer.start(
            request, named: name, of: service, in: directory, terminalSize: nil, hasTerminal: false,
            streams: [nothing.number, output.number, errors.number])
    }

    func run(_ started: () -> Void) throws {
        do {
            try oneOff.finishStart(service, stack)
        } catch {
            oneOff.finish(nil)
            throw error
        }
        started()
        do {
            let status = try wait()
            for pump in pumps { try? pump.drain(buffer) }
            log.endRun()
            oneOff.finish(status)
        } catch {
            oneOff.finish(nil)
            throw error
        }
    }

    private func wait() throws -> ExitStatus {
        let poller = try Poller()
        for (index, pump) in pumps.enumerated() { try poller.add(pump.reader, token: UInt64(index)) }
        try poller.add(signals.descriptor, token: Self.signalToken)
        try poller.add(oneOff.container.process.descriptor, token: Self.processToken)
        while true {
            for event in try poller.wait() {
                switch event.token {
                case Self.processToken: if let status = try oneOff.container.process.poll() { return status }
                case Self.signalToken:
                    while let signal = try signals.next() {
                        if signal != .child, signal != .pipe { try oneOff.container.process.send(signal) }
                    }
                default: try pumps[Int(event.token)].take(buffer)
                }
            }
        }
    }
}

extension OneOff {
    /// Leaves it running in the background, and returns once it runs.
    public func detach() throws(ExecutionFailure) { try BackgroundOneOff.start(self) }
}
