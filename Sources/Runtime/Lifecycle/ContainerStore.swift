internal import Linux

/// The containers of one root directory: a directory each, which only its owner may look into.
public struct ContainerStore: Sendable {
    /// An absolute path.
    public let root: String

    public init(root: String) {
        self.root = root
    }

    /// Where containers are kept if nobody says: below the directory that a reboot empties, or for an ordinary user below
    /// its own.
    public static var standardRoot: String {
        if let base = environmentVariable("GOCKER_RUN_DIR") { return base + "/.containers" }
        guard effectiveUserID != 0 else { return "/run/gocker/.containers" }
        let base = environmentVariable("XDG_RUNTIME_DIR") ?? "/tmp/gocker-\(effectiveUserID)"
        return base + "/gocker/.containers"
    }

    /// Makes the directory of a new container.
    ///
    /// - Throws: `LifecycleError.exists` where there is one of this name.
    func create(_ name: ContainerName) throws(LifecycleError) -> StoredContainer {
        let container = StoredContainer(name: name, directory: "\(root)/\(name)")
        do {
            try makeDirectories(root, mode: 0o700)
            try makeDirectory(container.directory, mode: 0o700)
        } catch  where error.errno == .fileExists {
            throw .exists(name)
        } catch {
            throw .system(error)
        }
        return container
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
