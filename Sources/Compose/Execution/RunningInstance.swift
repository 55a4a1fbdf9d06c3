public import Linux
internal import Runtime

/// An instance that runs, as whoever wants to reach into it knows it.
public struct RunningInstance: Sendable {
    /// For example `web-1`.
    public let name: String
    let service: Service
    /// Its first process.
    public let process: ProcessIdentity
    let cgroup: Cgroup
    let directory: StackDirectory
    var runBase: String { directory.runBase }

    /// Whether the first process is in the instance's own cgroup, which no other process ever is: a number that was given
    /// away since it was written down means somebody else.
    var isIntact: Bool {
        process.isRunning && (cgroup.places.isEmpty || cgroup.processes().contains(process.processID))
    }

    /// The instance's processes and those of the commands that run in it, as the calling process numbers them.
    public func processes() -> [Int32] { cgroup.places.isEmpty ? [process.processID] : cgroup.processes() }

    /// Its root file system, as it sees it.
    ///
    /// - Throws: `ExecutionFailure.notRunning` where it has ended.
    func root() throws(ExecutionFailure) -> FileDescriptor {
        let first = try open()
        do {
            let root = try FileDescriptor.open("/proc/\(first.processID)/root", [.path, .directory])
            // What was opened is its own only if it still had its number then.
            guard process.isRunning else { throw ended }
            return root
        } catch let error as ExecutionFailure {
            throw error
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw ended
        }
    }

    /// Its root file system, without what is mounted in it.
    ///
    /// - Throws: `ExecutionFailure.notRunning` where it has ended.
    func image() throws(ExecutionFailure) -> FileDescriptor {
        let first = try open()
        do {
            let namespace = try FileDescriptor.open("/proc/\(first.processID)/ns/mnt", .read)
            guard process.isRunning else { throw ended }
            // Only in its namespace can a mount of it be copied; the copy is in none.
            return try inMountNamespace(namespace) { () throws(SystemError) in
                try DetachedMount(copying: "/", recursive: false).intoDescriptor()
            }
        } catch let error as ExecutionFailure {
            throw error
        } catch let error as SystemError where error.errno == .operationNotPermitted {
            throw .system(SystemError("look below the mounts of", "\(name), which takes root", error.errno))
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw ended
        }
    }

    func open() throws(ExecutionFailure) -> ProcessHandle {
        guard let handle = process.open() else { throw ended }
        return handle
    }

    private var ended: ExecutionFailure { .notRunning(name, state: "gone since") }
}
