public import Linux
internal import OrderedCollections
internal import Runtime

/// What the commands do with a stack, whether or not a supervisor runs.
public struct StackClient {
    private let directory: StackDirectory

    public init(_ directory: StackDirectory) {
        self.directory = directory
    }

    /// What is done while the supervisor has nothing to say.
    public typealias Waiting = (borrowing FileDescriptor) -> Void

    /// Why a request was not carried out.
    public enum Failure: Error, CustomStringConvertible {
        case system(SystemError)
        /// The supervisor's own words.
        case refused(String)
        /// The supervisor ended before it had answered.
        case lost

        public var description: String {
            switch self {
            case .system(let error): "\(error)"
            case .refused(let reason): reason
            case .lost: "the supervisor ended before it had answered"
            }
        }
    }

    /// Makes the stack what `stack` says, by the supervisor that runs or by a new one, and returns once everything has
    /// started or failed.
    ///
    /// - Parameter whileWaiting: called before each wait for the supervisor's words; returns at the latest when there are
    ///   some to be read from the descriptor.
    /// - Returns: the instances that failed.
    public func up(
        _ stack: Stack, files: [String], onEvent: (StackEvent) -> Void, whileWaiting: Waiting = { _ in }
    ) throws(Failure) -> [String] {
        let request = ControlRequest.up(definition: stack.canonicalYAML, directory: stack.directory, files: files)
        // Another command may be starting or ending a supervisor in the same moment: then the next try meets the result.
        for _ in 0..<200 {
            let connection = try system { () throws(SystemError) in
                if let running = try? FileDescriptor.connect(to: directory.socket) { return running }
                return try BackgroundSupervisor.start(directory)
            }
            switch try exchange(request, over: connection, onEvent: onEvent, whileWaiting) {
            case .done(let failed): return failed
            case .busy, .event: pause(.milliseconds(25))
            case .refused(let reason): throw .refused(reason)
            }
        }
        throw .refused("another command keeps starting or stopping this stack")
    }

    /// What `up` would do to make the stack what `stack` says.
    public func plan(_ stack: Stack) -> StackPlan {
        // Without a supervisor nothing of the stack goes on as it is.
        guard isSupervised, let state = StackState(directory), let text = try? readText(directory.definition) else {
            return StackPlan(stack, current: [])
        }
        let running = CanonicalStack.read(text, project: directory.project, directory: state.directory)
        let current = state.instances.compactMap { instance -> StackPlan.Current? in
            guard let service = ServiceName(instance.service) else { return nil }
            return StackPlan.Current(
                InstanceName(service), running?.services[service], isOver: instance.phase.isOver)
        }
        return StackPlan(stack, current: current)
    }

    /// Asks the supervisor to stop everything, and returns once it has ended; where there is none, that is at once.
    public func stop(
        force: Bool, onEvent: (StackEvent) -> Void, whileWaiting: Waiting = { _ in }
    ) throws(Failure) {
        guard let connection = try? FileDescriptor.connect(to: directory.socket) else { return }
        _ = try? exchange(force ? .kill : .stop, over: connection, onEvent: onEvent, whileWaiting)
        for _ in 0..<400 where isSupervised { pause(.milliseconds(5)) }
    }

    /// Takes away whatever is left of the stack: processes, cgroups, files.
    ///
    /// - Returns: the instances that still ran, without a supervisor.
    public func remove() throws(Failure) -> [String] {
        try system { () throws(SystemError) in
            try directory.create()
            guard let lock = try StackLock.take(directory) else {
                throw SystemError("remove", "\(directory.project), which is running", .busy)
            }
            let killed = Leftovers(of: directory.project, layout: CgroupLayout.usable()).remove()
            try directory.remove()
            withExtendedLifetime(lock) {}
            return killed
        }
    }

    /// Whether a supervisor holds the stack.
    public var isSupervised: Bool { StackLock.isHeld(directory) }

    /// Whether there is anything of the stack.
    public var exists: Bool { (try? FileStatus.of(directory.run)) != nil }

    // MARK: Messages

    private func exchange(
        _ request: ControlRequest, over connection: consuming FileDescriptor, onEvent: (StackEvent) -> Void,
        _ whileWaiting: Waiting
    ) throws(Failure) -> ControlReply {
        let socket = connection
        do {
            try socket.writeAll(ControlLine.encode(request))
        } catch {
            return .busy
        }
        var received: [UInt8] = []
        while true {
            while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let reply = ControlLine.decode(received[..<end], as: ControlReply.self)
                received.removeFirst(end + 1)
                switch reply {
                case .event(let event): onEvent(event)
                case .some(let reply): return reply
                case nil: throw .lost
                }
            }
            whileWaiting(socket)
            guard case .bytes(let bytes)? = try? socket.read(upTo: 65536) else { throw .lost }
            received += bytes
        }
    }

    private func system<Value: ~Copyable>(
        _ body: () throws(SystemError) -> Value
    ) throws(Failure) -> Value {
        do {
            return try body()
        } catch {
            throw .system(error)
        }
    }

    private func pause(_ duration: Duration) {
        _ = try? Poller().wait(timeout: duration)
    }
}
