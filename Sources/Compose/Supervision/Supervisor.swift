public import Linux
internal import OrderedCollections
internal import Runtime

/// Keeps one stack as its definition says: one process, one thread, one loop over descriptors. It sleeps until something
/// happens.
public final class Supervisor {
    /// What the one who runs it wants to see.
    public struct Observer {
        public var event: (StackEvent) -> Void
        /// What an instance printed, as it came: the bytes are good only for as long as the call.
        public var output: (String, LogStream, UnsafeRawBufferPointer) -> Void

        public init(
            event: @escaping (StackEvent) -> Void,
            output: @escaping (String, LogStream, UnsafeRawBufferPointer) -> Void
        ) {
            self.event = event
            self.output = output
        }
    }

    /// What a descriptor in the poller belongs to.
    enum Watch {
        case signals
        case listener
        case connection(ControlConnection)
        /// The init stage's report.
        case control(InstanceName)
        case process(InstanceName)
        case output(Instance, OutputPump)
    }

    /// What a timer belongs to.
    enum Timer: Hashable, Sendable {
        case instance(InstanceName)
        case state
    }

    let directory: StackDirectory
    let layout: CgroupLayout
    private let lock: StackLock
    private let observer: Observer?
    let poller: Poller
    let outputBuffer = OutputBuffer()
    let compressor: LogCompressor
    private let signals: SignalQueue
    private let listener: FileDescriptor

    var watches: [UInt64: Watch] = [:]
    private var nextToken: UInt64 = 0
    var timers = TimerQueue<Timer>()
    var machine = StackMachine()
    var instances: OrderedDictionary<InstanceName, Instance> = [:]
    /// Definitions that take over once the instance of the old one has stopped.
    var replacements: [InstanceName: Service] = [:]
    var connections: [UInt64: ControlConnection] = [:]
    /// Where the stack came from.
    var origin: (directory: String, files: [String]) = ("/", [])
    var hasStack = false
    var isStopping = false
    /// Instances whose end has been told since they were last wanted.
    var reported: Set<InstanceName> = []
    /// How many times we were asked to end by a signal.
    private var interruptions = 0
    var stateIsStale = false
    var stateWrittenAt = MonotonicTime(sinceBoot: .zero)

    /// Becomes the supervisor of a stack.
    ///
    /// - Returns: nil where there is one already.
    public init?(_ directory: StackDirectory, observer: Observer?) throws(SystemError) {
        try directory.create()
        guard let lock = try StackLock.take(directory) else { return nil }
        self.directory = directory
        self.lock = lock
        self.observer = observer
        layout = CgroupLayout.usable()
        compressor = LogCompressor(directory.logs)
        try? removeFile(directory.socket)
        listener = try FileDescriptor.listen(at: directory.socket)
        signals = try SignalQueue([.interrupt, .terminate, .hangUp, .pipe, .child])
        poller = try Poller()
        try poller.add(signals.descriptor, token: register(.signals))
        try poller.add(listener, token: register(.listener))
        for name in Leftovers(of: directory.project, layout: layout).remove() {
            emit(StackEvent(name, .leftBehind))
        }
    }

    func register(_ watch: Watch) -> UInt64 {
        nextToken += 1
        watches[nextToken] = watch
        return nextToken
    }

    func emit(_ event: StackEvent) {
        observer?.event(event)
        for (token, connection) in connections where connection.isWaiting {
            if !connection.send(.event(event)) { close(token) }
        }
    }

    func show(_ bytes: UnsafeRawBufferPointer, from stream: LogStream, of instance: InstanceName) {
        observer?.output("\(instance)", stream, bytes)
    }

    // MARK: The loop

    /// Runs until nothing of the stack runs or will run by itself.
    ///
    /// - Returns: whether a signal ended it.
    public func run() throws(SystemError) -> Bool {
        while !isFinished {
            writeStateIfDue()
            let timeout = timers.next.map { max(.zero, $0 - .now) }
            for event in try poller.wait(timeout: timeout) {
                if let watch = watches[event.token] { try handle(watch, event) }
            }
            for timer in timers.popDue(at: .now) {
                switch timer {
                case .instance(let name): perform(machine.handle(.deadline, of: name, at: .now))
                case .state: break
                }
            }
            answerConnections()
        }
        end()
        return interruptions > 0
    }

    private var isFinished: Bool {
        hasStack && machine.isOver && replacements.isEmpty
            && connections.values.allSatisfy { !$0.isWaiting && !$0.hasUnsent }
    }

    private func handle(_ watch: Watch, _ event: Poller.Event) throws(SystemError) {
        switch watch {
        case .signals:
            while let signal = try signals.next() { handle(signal) }
        case .listener:
            while let client = try listener.accept() { accept(client) }
        case .connection(let connection):
            if event.readiness.contains(.writable), !connection.flush() { return close(event.token) }
            guard let requests = connection.receive() else { return close(event.token) }
            for request in requests { handle(request, from: connection) }
        case .control(let name):
            watches[event.token] = nil
            finishStart(of: name)
        case .process(let name):
            handleExit(of: name)
        case .output(let instance, let pump):
            try pump.take(outputBuffer) { show($0, from: pump.stream, of: instance.name) }
        }
    }

    private func handle(_ signal: Signal) {
        if signal == .child { compressor.reap() }
        guard signal != .child, signal != .pipe else { return }
        interruptions += 1
        if interruptions == 1 {
            stopAll()
        } else {
            perform(machine.killAll())
        }
    }

    func stopAll() {
        isStopping = true
        hasStack = true
        replacements = [:]
        perform(machine.stop(machine.instances, at: .now))
    }

    private func end() {
        for (token, _) in connections { close(token) }
        writeState()
        for mount in layout.hierarchies.map(\.path) + [layout.unified?.path].compactMap({ $0 }) {
            try? removeDirectory("\(mount)/gocker-\(directory.project)")
        }
        try? removeFile(directory.socket)
    }
}
