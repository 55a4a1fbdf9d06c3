public import Linux
internal import OrderedCollections
internal import Runtime

/// The root file system of an instance, whether it runs or not.
public final class InstanceRoot {
    /// For example `web-1`.
    public let instance: String
    /// Its `/`. Paths in it are a stranger's: they are to be opened with `openInRoot`.
    public let directory: FileDescriptor

    init(_ instance: String, _ directory: consuming FileDescriptor) {
        self.instance = instance
        self.directory = directory
    }
}

extension RunningStack {
    /// The root file system of one instance.
    ///
    /// - Parameter index: its number; nil for the first that runs, or for the first.
    /// - Throws: `ExecutionFailure.notRunning` where it does not run and nothing that it has changed is kept.
    public func root(of service: String, index: Int? = nil) throws(ExecutionFailure) -> InstanceRoot {
        let (instance, running) = try first(of: service, index: index)
        guard let running else { return try stoppedRoot(instance) }
        return InstanceRoot(instance.name, try running.root())
    }

    /// The root file systems of a service's instances.
    ///
    /// - Parameters:
    ///   - index: the number of the only one; nil for all.
    ///   - withOneOffs: whether also those of its one-off containers that run.
    /// - Throws: as `root`, for any of them.
    public func roots(
        of service: String, index: Int? = nil, withOneOffs: Bool = false
    ) throws(ExecutionFailure) -> [InstanceRoot] {
        let candidates = try instances(of: service, index: index)
        var roots: [InstanceRoot] = []
        for candidate in candidates {
            if let running = try running(candidate) {
                roots.append(InstanceRoot(candidate.name, try running.root()))
            } else {
                roots.append(try stoppedRoot(candidate))
            }
        }
        if withOneOffs {
            for running in runningOneOffs(of: service) { roots.append(InstanceRoot(running.name, try running.root())) }
        }
        guard !roots.isEmpty else { throw .notRunning(service, state: Self.neverStarted) }
        return roots
    }

    /// The root file system of one instance, without what is mounted in it: volumes, `/proc` and the like.
    ///
    /// - Parameter index: its number; nil for the first that runs, or for the first.
    /// - Throws: as `root`.
    public func image(of service: String, index: Int? = nil) throws(ExecutionFailure) -> InstanceRoot {
        let (instance, running) = try first(of: service, index: index)
        guard let running else { return try stoppedRoot(instance) }
        return InstanceRoot(instance.name, try running.image())
    }

    /// The first instance that runs, or the first.
    private func first(
        of service: String, index: Int?
    ) throws(ExecutionFailure) -> (instance: InstanceRecord, running: RunningInstance?) {
        let candidates = try instances(of: service, index: index)
        for candidate in candidates {
            if let running = try running(candidate) { return (candidate, running) }
        }
        guard let first = candidates.first else { throw .notRunning(service, state: Self.neverStarted) }
        return (first, nil)
    }

    /// What the next run of an instance begins with: its root file system, and over it what it has changed.
    private func stoppedRoot(_ instance: InstanceRecord) throws(ExecutionFailure) -> InstanceRoot {
        guard let name = instance.instance, let service = stacks[instance.definition]?.services[name.service]
        else {
            throw .notRunning(instance.name, state: Self.describe(instance))
        }
        do {
            guard service.rootfs.overlay else {
                return InstanceRoot(
                    instance.name, try FileDescriptor.open(service.rootfs.path, [.path, .directory]))
            }
            let layer = directory.layer(of: name)
            guard (try? FileStatus.of(layer + "/upper")) != nil, try FileSystemKind.of(layer) != .overlay else {
                throw ExecutionFailure.notRunning(
                    instance.name, state: "\(Self.describe(instance)), and nothing that it changed is kept")
            }
            let lower = try FileDescriptor.open(service.rootfs.path, [.path, .directory])
            let upper = try FileDescriptor.open(layer + "/upper", [.path, .directory])
            let work = try FileDescriptor.open(layer + "/work", [.path, .directory])
            // In no place: nobody sees it, and it is gone with its last descriptor.
            let options =
                "lowerdir=/proc/self/fd/\(lower.number),upperdir=/proc/self/fd/\(upper.number)"
                + ",workdir=/proc/self/fd/\(work.number)"
            let overlay = try DetachedMount(fileSystem: "overlay", options: options, flags: .noDevices)
            return InstanceRoot(instance.name, try overlay.intoDescriptor())
        } catch let failure as ExecutionFailure {
            throw failure
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .notRunning(instance.name, state: Self.describe(instance))
        }
    }
}
