internal import JSON
internal import Linux

extension StoredContainer {
    /// Lets a created container execute its process, and runs the `poststart` hooks.
    ///
    /// - Parameter warn: told of a hook that failed, after which the container runs on.
    public func start(warn: (String) -> Void) throws(LifecycleError) {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        let record = try record()
        let status = status(record)
        guard status == .created else { throw .notCreated(name, status) }
        do {
            // Nobody at the other end is an error here, and not somebody to wait for.
            let fifo = try FileDescriptor.open(startPath, [.write, .nonBlocking, .noFollow])
            try removeFile(startPath)
            try fifo.writeAll([0])
        } catch {
            throw .system(error)
        }
        let hooks = try Hooks(of: configuration())
        guard !hooks.poststart.isEmpty else { return }
        do {
            try hooks.poststart.run(record, .running)
        } catch {
            warn("poststart: \(error)")
        }
    }
}

extension Hooks {
    /// Those of a container's document.
    init(of document: SpecObject) throws(LifecycleError) {
        do {
            self = try document.object("hooks").map { (hooks) throws(SpecError) in try Hooks(hooks) } ?? Hooks()
        } catch {
            throw .document(path: "config.json", "\(error)")
        }
    }
}
