public import Linux
internal import OrderedCollections
internal import Runtime

/// A one-off container to be run.
public struct OneOff {
    let request: OneOffRequest
    let stack: Stack
    let service: Service
    let directory: StackDirectory
    /// What it is called: no other container of the stack has this name.
    public let name: String

    /// - Throws: `ExecutionFailure.unknownService`, and `.nameInUse`.
    public init(_ request: OneOffRequest, of stack: Stack, in directory: StackDirectory) throws(ExecutionFailure) {
        guard let name = ServiceName(request.service), let service = stack.services[name] else {
            let nearest = NearestName.find(request.service, among: stack.services.keys.map(\.text))
            throw .unknownService(request.service, project: stack.name, nearest: nearest)
        }
        self.request = request
        self.stack = stack
        self.service = service
        self.directory = directory
        do throws(SystemError) {
            let slug = try Self.slug()
            self.name = request.name ?? "\(name)-run-\(slug)"
            try directory.create()
            try ContentStore(directory).keep(stack.contents)
        } catch {
            throw .system(error)
        }
        guard ServiceName(self.name) != nil else { throw .badName(self.name) }
        let isInstance = StackState(directory)?.instances.contains { $0.name == self.name } == true
        if isInstance || OneOffs(directory).record(self.name)?.isRunning == true { throw .nameInUse(self.name) }
    }

    public var serviceName: ServiceName { service.name }

    /// The services that it needs, and those that they need.
    public static func dependencies(of service: ServiceName, in stack: Stack) -> [ServiceName] {
        var found: [ServiceName] = []
        var rest = stack.dependencies(of: service)
        while let next = rest.popLast() {
            guard !found.contains(next) else { continue }
            found.append(next)
            rest += stack.dependencies(of: next)
        }
        return found
    }

    private static func slug() throws(SystemError) -> String {
        let bytes = try randomBytes(6)
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Runs it to its end, with this process in its place: signals are passed on, and a second Ctrl-C kills it.
    ///
    /// - Throws: `ExecutionFailure` where it never ran.
    public func run(_ attachment: RunningInstance.Attachment) throws(ExecutionFailure) -> ExitStatus {
        do {
            let signals = try SignalQueue(Signal.forwardable)
            let nothing = try FileDescriptor.open("/dev/null", .readWrite)
            let hasTerminal = attachment == .terminal
            let oneOff = try OneOffContainer.start(
                request, named: name, of: service, in: directory,
                terminalSize: hasTerminal ? try? FileDescriptor.duplicate(0).terminalSize() : nil,
                hasTerminal: hasTerminal, streams: [attachment == .streams ? 0 : nothing.number, 1, 2])
            do {
                let terminal = hasTerminal ? try oneOff.container.receiveTerminal() : nil
                try oneOff.finishStart(service, stack)
                var interruptions = 0
                let status = try StartedExecution(container: oneOff.container, terminal: terminal)
                    .wait(forwarding: signals) { signal in
                        if signal == .interrupt { interruptions += 1 }
                        if interruptions > 1 { oneOff.kill() }
                    }
                oneOff.finish(status)
                return status
            } catch {
                oneOff.finish(nil)
                throw error
            }
        } catch {
            throw ExecutionFailure(error, doing: name)
        }
    }
}

extension Stack {
    /// Whether all of these are services of it.
    public func has(_ names: [ServiceName]) -> Bool { names.allSatisfy { services[$0] != nil } }
}

extension ExecutionFailure {
    init(_ error: any Error, doing subject: String) {
        switch error {
        case let error as ExecutionFailure: self = error
        case let error as RuntimeError: self = .runtime(error)
        case let error as SystemError: self = .system(error)
        default: self = .system(SystemError("run", subject, .inputOutput))
        }
    }
}
