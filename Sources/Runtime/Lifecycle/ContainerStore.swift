internal import Linux

/// The containers of one root directory: a directory each, which only its owner may look into.
public struct ContainerStore: Sendable {
    /// An absolute path.
    public let root: String

    public init(root: String) {
        self.root = root
    }

    /// Where containers are kept if nobody says.
    public static var standardRoot: String { RunDirectory.standard + "/.containers" }

    /// Makes the directory of a new container.
    ///
    /// - Throws: `LifecycleError.exists` where there is one of this name.
    func create(_ name: ContainerName) throws(LifecycleError) -> NewContainer {
        let container = StoredContainer(name: name, directory: "\(root)/\(name)")
        // Until it is locked, whoever deletes one of this name may take the directory away, and another one make it again.
        for _ in 0..<10 {
            do {
                try makeDirectories(root, mode: 0o700)
                try makeDirectory(container.directory, mode: 0o700)
            } catch  where error.errno == .fileExists {
                throw .exists(name)
            } catch {
                throw .system(error)
            }
            do {
                let lock = try container.lock()
                guard try container.isEmpty() else { throw LifecycleError.exists(name) }
                return NewContainer(stored: container, lock: lock)
            } catch LifecycleError.missing {
                continue
            } catch let error as LifecycleError {
                if case .system = error { try? removeDirectory(container.directory) }
                throw error
            } catch {
                try? removeDirectory(container.directory)
                throw .system(SystemError("lock", container.directory, .inputOutput))
            }
        }
        throw .busy(name)
    }

    /// - Throws: `LifecycleError.missing` where there is none of this name.
    public func open(_ name: ContainerName) throws(LifecycleError) -> StoredContainer {
        let container = StoredContainer(name: name, directory: "\(root)/\(name)")
        guard let status = try? FileStatus.ofLink(container.directory), status.kind == .directory else {
            throw .missing(name)
        }
        return container
    }

    /// All there are, by name.
    public func all() -> [StoredContainer] {
        let names = (try? directoryEntries(root)) ?? []
        return names.sorted().compactMap { ContainerName($0) }.map {
            StoredContainer(name: $0, directory: "\(root)/\($0)")
        }
    }
}

/// A container of which there is nothing yet but its directory, which nobody else changes while the lock lives.
struct NewContainer: ~Copyable {
    let stored: StoredContainer
    let lock: FileDescriptor
}
