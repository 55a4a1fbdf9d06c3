internal import Linux
internal import Runtime

/// One more process in an instance of a service, with everything that it starts.
///
/// It is in all of the service's namespaces and has its root, rights, system call filter and limits. Nothing here waits:
/// watch `starting.control` and call `advance` when it is readable, then watch
/// `container.process`. In the end `kill` what is left,
/// and `removeIfEmpty`.
final class ServiceExecution {
    /// What runs at first. Its `control` becomes readable when there is something to `advance`.
    var starting: Container { start.first }

    private let start: StartingProcess
    private let leaf: CgroupLeaf
    private(set) var isRunning = false

    /// Begins to start `command` in an instance of `service`.
    ///
    /// - Parameters:
    ///   - first: the instance's first process.
    ///   - cgroup: the instance's.
    ///   - runBase: where compiled system call filters are kept.
    ///   - purpose: who it is for: what is for the supervisor ends with that.
    ///   - streams: become the command's 0, 1 and 2. They may be closed once this returns.
    /// - Throws: `RuntimeError` where not even the init stage runs: `.cgroup(.frozen)` where the service is paused,
    ///   `.user` where it does not have the user. What fails later `advance` throws.
    init(
        _ command: ServiceCommand, in service: Service, beside first: borrowing ProcessHandle, cgroup: Cgroup,
        layout: CgroupLayout, runBase: String, streams: [CInt], for purpose: CgroupLeaf.Purpose = .command
    ) throws(RuntimeError) {
        do {
            leaf = try CgroupLeaf(below: cgroup, for: purpose)
        } catch {
            throw .setup(error)
        }
        do {
            start = try command.joining(service, beside: first.processID, cgroup: leaf.entry, layout: layout)
                .begin(beside: first, runBase: runBase, streams: streams)
        } catch {
            leaf.kill()
            leaf.remove()
            throw error
        }
    }

    /// Takes what has come over `starting.control`.
    ///
    /// - Returns: whether the command runs by now: then there is `container.process` to be watched, and `starting` no more.
    /// - Throws: `RuntimeError` where it never will: `.execution` where the command is at fault.
    func advance() throws(RuntimeError) -> Bool {
        isRunning = try start.advance()
        return isRunning
    }

    /// The command's, once it runs; its descriptor becomes readable when it has ended.
    var container: Container { start.container }

    /// Reaps it; nil while it runs.
    func poll() -> ExitStatus? { try? start.container.process.poll() }

    /// Kills it at once, with all that it has started, in whichever session and below whichever parent that is by now.
    func kill() {
        start.kill()
        leaf.kill()
    }

    /// Takes its cgroup away where nothing runs in it any more; what was killed takes a moment to be gone. What is left
    /// goes with the instance's.
    ///
    /// - Returns: whether it is gone.
    @discardableResult
    func removeIfEmpty() -> Bool { leaf.removeIfEmpty() }
}
