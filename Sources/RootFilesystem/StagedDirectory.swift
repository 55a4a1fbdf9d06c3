internal import Linux

/// A directory that is built aside and gets its name when it is complete.
struct StagedDirectory: ~Copyable {
    /// What the caller named, for messages.
    private let path: String
    private let name: PathBytes
    private let parent: FileDescriptor
    private let temporaryName: PathBytes
    /// The directory to fill. Nobody but this user can enter it meanwhile.
    let directory: FileDescriptor

    /// Makes the directory `path` by filling it aside and renaming it into place: it is complete, or it does not exist.
    ///
    /// An empty directory of that name is replaced; anything else there is refused before any work is done.
    static func make(
        _ path: String, _ fill: (borrowing FileDescriptor) throws(RootFilesystemError.Reason) -> Void
    ) throws(RootFilesystemError.Reason) {
        let staged = try StagedDirectory(path)
        do throws(RootFilesystemError.Reason) {
            try fill(staged.directory)
            try staged.publish()
        } catch {
            staged.discard()
            throw error
        }
    }

    private init(_ path: String) throws(RootFilesystemError.Reason) {
        guard let last = path.split(separator: "/").last, last != ".", last != ".." else {
            throw .directoryUnnamed(path)
        }
        let name = PathBytes(String(last))
        let parent = try Self.openParent(of: path)
        try Self.refuseIfOccupied(name, in: parent, path: path)
        let temporaryName = try Self.temporaryName(for: last)
        let directory = try Self.makePrivateDirectory(temporaryName, in: parent)

        self.path = path
        self.name = name
        self.parent = parent
        self.temporaryName = temporaryName
        self.directory = directory
    }

    /// A name beside the final one, since a rename does not cross file systems.
    private static func temporaryName(for name: Substring) throws(RootFilesystemError.Reason) -> PathBytes {
        let random = try kernel(try randomBytes(8)).map { String($0, radix: 36) }.joined()
        return PathBytes(Array(".\(name)".utf8.prefix(200)) + ".gocker-\(random)".utf8)
    }

    /// The directory that `path` is to be made in.
    private static func openParent(of path: String) throws(RootFilesystemError.Reason) -> FileDescriptor {
        let above = path.split(separator: "/").dropLast().joined(separator: "/")
        let parent = path.hasPrefix("/") ? "/" + above : above.isEmpty ? "." : above
        do throws(SystemError) {
            return try FileDescriptor.open(parent, .directory)
        } catch let error where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
            throw .directoryHasNoParent(parent)
        } catch {
            throw .system(error)
        }
    }

    private static func refuseIfOccupied(
        _ name: PathBytes, in parent: borrowing FileDescriptor, path: String
    ) throws(RootFilesystemError.Reason) {
        let isEmpty: Bool
        let isMountPoint: Bool
        do throws(SystemError) {
            let existing = try parent.open(name, .directory)
            isEmpty = try existing.entries().isEmpty
            isMountPoint = try existing.status().device != parent.status().device
        } catch let error where error.errno == .noSuchFileOrDirectory {
            return
        } catch let error where error.errno == .notDirectory || error.errno == .tooManyLinks {
            throw .notADirectory(path)
        } catch {
            throw .system(error)
        }
        guard isEmpty else { throw .directoryNotEmpty(path) }
        guard !isMountPoint else { throw .mountPoint(path) }
    }

    /// Makes a directory that hands nothing of `parent`'s down to what will be made in it: neither its group, nor an
    /// access control list.
    private static func makePrivateDirectory(
        _ name: PathBytes, in parent: borrowing FileDescriptor
    ) throws(RootFilesystemError.Reason) -> FileDescriptor {
        try kernel(try parent.makeDirectory(name, mode: 0o700))
        do throws(SystemError) {
            let directory = try parent.open(name, .directory)
            try directory.removeExtendedAttribute("system.posix_acl_default")
            try directory.removeExtendedAttribute("system.posix_acl_access")
            try parent.setMode(of: name, 0o700)
            return directory
        } catch {
            try? parent.removeDirectory(name)
            throw .system(error)
        }
    }

    /// Gives the directory its name. The kernel replaces nothing but an empty directory by it.
    private func publish() throws(RootFilesystemError.Reason) {
        do throws(SystemError) {
            try parent.rename(temporaryName, to: name)
        } catch {
            switch error.errno {
            case .directoryNotEmpty, .fileExists: throw .directoryNotEmpty(path)
            case .notDirectory: throw .notADirectory(path)
            case .busy: throw .mountPoint(path)
            default: throw .system(error)
            }
        }
    }

    /// Removes all of it. What cannot be removed has to stay: the reason to give up is the one to report.
    private func discard() {
        try? directory.removeAllEntries()
        try? parent.removeDirectory(temporaryName)
    }
}
