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
        /// There is nothing of the stack.
        case absent(ProjectName)

        public var description: String {
            switch self {
            case .system(let error): "\(error)"
            case .refused(let reason): reason
            case .lost: "the supervisor ended before it had answered; the same command again goes on from there"
            case .absent(let project): "\(project) is not there; start it with: gocker-compose up -d"
            }
        }
    }

    /// Makes the stack what `request` says, by the supervisor that runs or by a new one, and returns once everything has
    /// started or failed.
    ///
    /// - Parameter whileWaiting: called before each wait for the supervisor's words; returns at the latest when there are
    ///   some to be read from the descriptor.
    /// - Returns: the instances that failed.
    public func up(
        _ request: UpRequest, onEvent: (StackEvent) -> Void, whileWaiting: Waiting = { _ in }
    ) throws(Failure) -> [String] {
        try ask(.up(request), onEvent, whileWaiting)
    }

    /// Does something to instances that there are, by the supervisor that runs or by a new one.
    ///
    /// - Returns: the instances that failed.
    public func operate(
        _ operation: StackOperation, onEvent: (StackEvent) -> Void, whileWaiting: Waiting = { _ in }
    ) throws(Failure) -> [String] {
        guard exists else { throw .absent(directory.project) }
        return try ask(.operate(operation), onEvent, whileWaiting)
    }

    /// Lets the supervisor that runs go on as the program that asks.
    public func upgrade() throws(Failure) {
        guard let connection = try? FileDescriptor.connect(to: directory.socket) else {
            throw .refused("no supervisor of \(directory.project) runs")
        }
        if case .refused(let reason) = try exchange(.upgrade, over: connection, onEvent: { _ in }, { _ in }) {
            throw .refused(reason)
        }
    }

    private func ask(
        _ request: ControlRequest, _ onEvent: (StackEvent) -> Void, _ whileWaiting: Waiting
    ) throws(Failure) -> [String] {
        // Another command may be starting or ending a supervisor in the same moment: then the next try meets the result.
        for _ in 0..<200 {
            let connection = try system { () throws(SystemError) in
                if let running = try? FileDescriptor.connect(to: directory.socket) { return running }
                return try BackgroundSupervisor.start(directory)
            }
            let reply: ControlReply
            do throws(Failure) {
                reply = try exchange(request, over: connection, onEvent: onEvent, whileWaiting)
            } catch .lost where isSupervised {
                // It goes on as another program, which does not know what the old one was asked for.
                pause(.milliseconds(25))
                continue
            }
            switch reply {
            case .done(let failed): return failed
            case .busy, .event, .watching, .line: pause(.milliseconds(25))
            case .refused(let reason): throw .refused(reason)
            }
        }
        throw .refused("another command keeps starting or stopping this stack")
    }

    /// What `up` would do.
    public func plan(_ stack: Stack, options: StackPlan.Options = StackPlan.Options()) -> StackPlan {
        guard let state = StackState(directory) else { return StackPlan(stack, current: [], options: options) }
        let texts = state.definitions.mapValues {
            CanonicalStack.read($0, project: directory.project, directory: state.directory)
        }
        let current = state.instances.compactMap { instance -> StackPlan.Current? in
            guard let name = instance.instance else { return nil }
            return StackPlan.Current(
                name, texts[instance.definition]??.services[name.service], isOver: instance.phase.isOver,
                hasSucceeded: instance.phase == .exited && instance.exitCode == 0)
        }
        return StackPlan(stack, current: current, options: options)
    }

    /// Asks the supervisor to stop everything, and returns once it has ended. Where there is none and something runs all
    /// the same, a new one does it.
    public func stop(
        within timeout: Double? = nil, force: Bool = false, onEvent: (StackEvent) -> Void,
        whileWaiting: Waiting = { _ in }
    ) throws(Failure) {
        let request = force ? ControlRequest.kill : .stop(timeout: timeout)
        if let connection = try? FileDescriptor.connect(to: directory.socket) {
            let reply = try? exchange(request, over: connection, onEvent: onEvent, whileWaiting)
            // Should it have been killed over it, the next one does the rest.
            if reply == nil, !isSupervised, isAlive { _ = try ask(request, onEvent, whileWaiting) }
        } else if isAlive {
            _ = try ask(request, onEvent, whileWaiting)
        }
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

    /// Whether something of the stack runs.
    public var isAlive: Bool { StackState(directory)?.instances.contains { $0.isAlive } == true }

    /// Whether there is anything of the stack.
    public var exists: Bool { directory.exists }

    // MARK: Messages

    private func exchange(
        _ request: ControlRequest, over connection: consuming FileDescriptor, onEvent: (StackEvent) -> Void,
        _ whileWaiting: Waiting
    ) throws(Failure) -> ControlReply {
        let socket = connection
        do {
            try socket.sendAll(ControlLine.encode(request))
        } catch {
            return .busy
        }
        var received: [UInt8] = []
        while true {
            while let reply = StackSession.next(&received) {
                guard case .event(let event) = reply else { return reply }
                onEvent(event)
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
