internal import JSON
internal import Linux

/// A container's directory in the store.
public struct StoredContainer: Sendable {
    public let name: ContainerName
    let directory: String

    private var recordPath: String { directory + "/state.json" }
    private var configurationPath: String { directory + "/config.json" }
    /// What a created container waits at.
    var startPath: String { directory + "/exec.fifo" }
    /// Where it says what went wrong after that.
    var reportPath: String { directory + "/report.fifo" }

    // MARK: Record

    func save(_ record: ContainerRecord) throws(SystemError) {
        try replaceFile(recordPath, with: JSONWriter.compact(record.json).utf8)
    }

    /// - Throws: `LifecycleError.missing` where the container is gone or was never finished.
    public func record() throws(LifecycleError) -> ContainerRecord {
        let document = try Self.document(recordPath, missing: .missing(name))
        do {
            return try ContainerRecord(document)
        } catch {
            throw .document(path: recordPath, "\(error)")
        }
    }

    /// - Parameter record: what is kept of it.
    public func status(_ record: ContainerRecord) -> ContainerStatus {
        guard let process = record.process else {
            // Who was making it may be gone, and then nobody goes on.
            return (try? isLocked()) == true ? .creating : .stopped
        }
        guard process.isRunning else { return .stopped }
        if isWaiting { return .created }
        return record.cgroup.isFrozen ? .paused : .running
    }

    /// Whether the first process waits for its start, which it does as long as it reads from there.
    private var isWaiting: Bool {
        do {
            _ = try FileDescriptor.open(startPath, [.write, .nonBlocking, .noFollow])
            return true
        } catch {
            return error.errno != .noSuchFileOrDirectory && error.errno != .noSuchDeviceOrAddress
        }
    }

    // MARK: Configuration

    func keepConfiguration(_ bytes: [UInt8]) throws(SystemError) {
        try replaceFile(configurationPath, with: bytes)
    }

    /// What the container was made of, as it was then.
    public func configuration() throws(LifecycleError) -> SpecObject {
        try Self.document(configurationPath, missing: .missing(name))
    }

    static func document(_ path: String, missing: LifecycleError? = nil) throws(LifecycleError) -> SpecObject {
        let bytes: [UInt8]
        do {
            bytes = try readFile(path)
        } catch {
            throw error.errno == .noSuchFileOrDirectory ? missing ?? .system(error) : .system(error)
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes)
        } catch {
            throw .document(path: "\(path):\(error.line):\(error.column)", error.message)
        }
        do {
            return try SpecObject(value)
        } catch {
            throw .document(path: path, "\(error)")
        }
    }

    // MARK: Lock

    /// Keeps other programs from changing the container for as long as the descriptor lives.
    ///
    /// It is the directory's own lock: there is no file to be made for it, also where there is no room for one.
    ///
    /// - Throws: `LifecycleError.busy` where another one takes too long.
    func lock() throws(LifecycleError) -> FileDescriptor {
        do {
            for _ in 0..<500 {
                let opened = try openDirectory()
                // Meanwhile it may have gone, and another one of this name come.
                if try opened.tryLock(), try FileStatus.ofLink(directory).isSameFile(as: try opened.status()) {
                    return opened
                }
                _ = try Poller().wait(timeout: .milliseconds(20))
            }
        } catch  where error.errno == .noSuchFileOrDirectory {
            throw .missing(name)
        } catch {
            throw .system(error)
        }
        throw .busy(name)
    }

    /// Whether another program is at work with the container, or this one.
    func isLocked() throws(SystemError) -> Bool { try !openDirectory().tryLock(shared: true) }

    private func openDirectory() throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(directory, [.directory, .noFollow])
    }

    /// Whether nothing is kept of it.
    func isEmpty() throws(LifecycleError) -> Bool {
        try asLifecycle { () throws(SystemError) in try directoryEntries(directory).isEmpty }
    }

    /// Takes the directory away. What it usually has is removed by name, which works without a descriptor to spare.
    func remove() throws(SystemError) {
        for file in [configurationPath, recordPath, startPath, reportPath] { try? removeFile(file) }
        do {
            try removeDirectory(directory)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return
        } catch {
            try removeTree(directory)
        }
    }
}
