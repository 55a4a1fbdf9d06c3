public import Linux

/// What the instances of a stack have printed, in one stream in order of time.
public final class LogView {
    private let directory: StackDirectory
    private let query: LogQuery
    private let watch: DirectoryWatch
    private var readers: [LogReader] = []
    private var indices: [String: Int] = [:]
    /// The readers that there may be something new for.
    private var dirty: Set<Int> = []
    private var needsLook = true
    private var supervisor: FileDescriptor?

    /// - Throws: `SystemError` where the stack keeps no logs.
    public init(_ directory: StackDirectory, _ query: LogQuery) throws(SystemError) {
        self.directory = directory
        self.query = query
        watch = try DirectoryWatch(directory.logs)
        try findReaders(isBeginning: true)
    }

    /// What is printed from now on, of a stack that need not be there yet.
    public static func fromNow(_ directory: StackDirectory, services: Set<String>) throws(SystemError) -> LogView {
        try directory.create()
        var query = LogQuery()
        // Where there are none to be shown, that is not all.
        query.services = services.isEmpty ? [""] : services.sorted()
        query.tail = 0
        return try LogView(directory, query)
    }

    /// The instances that have printed something, in the order of the numbers that lines are passed with.
    public var instances: [String] { readers.map(\.instance) }

    var count: Int { readers.count }
    func instance(_ index: Int) -> String { readers[index].instance }

    private func findReaders(isBeginning: Bool) throws(SystemError) {
        needsLook = false
        var names: Set<String> = []
        for entry in try directoryEntries(directory.logs) {
            if let name = LogFileName(entry)?.instance { names.insert(name) }
        }
        for name in names.sorted() { try findReader(name, isBeginning: isBeginning) }
    }

    private func findReader(_ name: String, isBeginning: Bool) throws(SystemError) {
        if let index = indices[name] {
            dirty.insert(index)
            return
        }
        guard query.wants(instance: name) else { return }
        let reader = LogReader(name, in: directory.logs)
        // One that comes later is new: all of it is wanted.
        if isBeginning {
            if let tail = query.tail {
                try reader.start(last: tail, since: query.since, query.wants)
            } else if let since = query.since {
                _ = try reader.start(lines: nil, since: since)
            }
        }
        indices[name] = readers.count
        dirty.insert(readers.count)
        readers.append(reader)
    }

    /// Passes the lines that have come since the last call, with the index of their instance, in the order of their times;
    /// those of one instance in the order of their numbers.
    public func read(line: (Int, LogLine) -> Void, lost: (Int, LostLines) -> Void) throws(SystemError) {
        try takeChanges()
        if needsLook, !isGone { try findReaders(isBeginning: false) }
        var ready: [Int] = []
        for index in dirty.sorted() where try advance(index) { ready.append(index) }
        dirty = []
        while !ready.isEmpty {
            var earliest = 0
            for candidate in ready.indices.dropFirst() where time(ready[candidate]) < time(ready[earliest]) {
                earliest = candidate
            }
            let index = ready[earliest]
            let limit = ready.count == 1 ? nil : ready.filter { $0 != index }.map(time).min()
            var goesOn = true
            // As long as it is the earliest one, nobody else has to be asked.
            repeat {
                pass(index, line, lost)
                goesOn = try advance(index)
            } while goesOn && limit.map { time(index) <= $0 } ?? true
            if !goesOn { ready.remove(at: earliest) }
        }
    }

    private func advance(_ index: Int) throws(SystemError) -> Bool {
        do {
            return try readers[index].advance()
        } catch  where error.errno == .noSuchFileOrDirectory && isGone {
            // Removed with its stack: what is open was read to its end.
            return false
        }
    }

    private func time(_ index: Int) -> WallTime {
        readers[index].pending?.time ?? WallTime(nanosecondsSinceEpoch: .max)
    }

    private func pass(_ index: Int, _ line: (Int, LogLine) -> Void, _ lost: (Int, LostLines) -> Void) {
        readers[index].takePending { found in
            if query.wants(found) { line(index, found) }
        } lost: { found in
            if query.since.map({ $0 <= found.time }) ?? true { lost(index, found) }
        }
    }

    /// Passes what has come of lines that will not end: their supervisor is gone.
    public func finish(line: (Int, LogLine) -> Void) {
        for (index, reader) in readers.enumerated() {
            reader.finish { found in if query.wants(found) { line(index, found) } }
        }
    }
}

// MARK: Waiting

extension LogView {
    public enum Event {
        /// There may be more to read.
        case changed
        case signal
        /// The supervisor has ended, and nobody writes any more.
        case ended
    }

    /// Whether a supervisor holds the stack.
    public var isSupervised: Bool { StackLock.isHeld(directory) }

    /// Waits until something happens.
    public func wait(signals: borrowing SignalQueue) throws(SystemError) -> Event {
        let poller = try Poller()
        try poller.add(watch.descriptor, token: 0)
        try poller.add(signals.descriptor, token: 1)
        if supervisor == nil {
            guard isSupervised else { return .ended }
            supervisor = try? FileDescriptor.connect(to: directory.socket)
        }
        let isConnected: Bool
        switch supervisor {
        case .some(let supervisor):
            try poller.add(supervisor, token: 2)
            isConnected = true
        case nil:
            isConnected = false
        }
        // A supervisor that is just beginning or ending does not listen.
        let events = try poller.wait(timeout: isConnected ? nil : .milliseconds(100))
        if events.contains(where: { $0.token == 1 }) { return .signal }
        // It says nothing without being asked: its connection becomes readable by its end.
        if events.contains(where: { $0.token == 2 }) { supervisor = nil }
        return .changed
    }

    private func takeChanges() throws(SystemError) {
        let changes = try watch.changes()
        if changes.isIncomplete { needsLook = true }
        for name in changes.names {
            guard let instance = LogFileName(name)?.instance else { continue }
            if let index = indices[instance] { dirty.insert(index) } else { needsLook = true }
        }
    }

    /// Is reported under `token` when there may be more to read, until it is read.
    public func add(to poller: borrowing Poller, token: UInt64) throws(SystemError) {
        try poller.add(watch.descriptor, token: token)
    }

    /// Whether the stack has been removed with its logs.
    public var isGone: Bool { (try? FileStatus.of(directory.logs)) == nil }
}
