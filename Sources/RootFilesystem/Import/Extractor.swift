internal import Linux

/// Puts the entries of an archive into a directory, and none outside of it.
///
/// A whole path is never handed to the kernel: the parent is opened as if the directory were `/`, so that no link in the
/// archive leads out of it, and the last name is made new in there, so that none is followed. An entry takes the place of
/// an earlier one of its name.
final class Extractor {
    typealias Problem = RootFilesystemError.EntryProblem

    let root: FileDescriptor
    /// Whether there is something in the directory already, which stays: directories are filled, and never make way for
    /// something else, nor something else for them. Others may be at work in it, too, and not all of them friends.
    let merges: Bool
    /// The directories there are to describe, in the order in which they came; only where it merges.
    private var described: [EntryPath] = []
    /// What directories get at the end, by inode: one that may not be written to has to be filled first, and everything
    /// put into one changes its time.
    private var directories: [UInt64: FileMetadata] = [:]
    private var rootMetadata = undescribedDirectory

    /// For directories that are in the archive only as part of a name.
    private static let undescribedDirectory = FileMetadata(owner: .root, mode: 0o755)

    init(into root: borrowing FileDescriptor, merges: Bool = false) throws(SystemError) {
        self.root = try root.duplicate()
        self.merges = merges
    }

    /// Makes what `entry` describes.
    ///
    /// - Parameter content: where the content of a regular file comes from.
    func extract(_ entry: ArchiveEntry, content: ArchiveContent) throws(RootFilesystemError.Reason) {
        func naming<Value: ~Copyable>(
            _ body: @autoclosure () throws(Problem) -> Value
        ) throws(RootFilesystemError.Reason) -> Value {
            do {
                return try body()
            } catch {
                throw .entry(entry.name, error)
            }
        }
        guard let path = EntryPath(entry.name) else { throw .entry(entry.name, .leaves) }
        guard let (parentPath, name) = path.split else { return try naming(try describeRoot(entry)) }
        let parent = try naming(try openDirectory(parentPath))
        switch entry.kind {
        case .directory:
            try naming(try makeDirectory(name, in: parent, entry.metadata))
            if merges { described.append(path) }
        case .regular(let size):
            let file = try naming(try makeFile(name, in: parent))
            try content.copy(to: file, size: size, entry: entry.name)
            try naming(try describe(name, in: parent, entry.metadata))
        case .symbolicLink(let target):
            try naming(try makeSymbolicLink(name, to: target, in: parent))
            try naming(try describe(name, in: parent, entry.metadata, isLink: true))
        case .hardLink(let target):
            // The file has been described by its own entry. Content that comes with the link is not written: the file
            // may be a device.
            try naming(try makeHardLink(name, to: target, in: parent))
        case .node(let kind):
            try naming(try makeNode(name, kind, in: parent))
            try naming(try describe(name, in: parent, entry.metadata))
        }
    }

    /// Gives the directories their owners, modes, attributes and times. Nothing can be extracted after this.
    func finish() throws(SystemError) {
        guard !merges else { return try finishDescribed() }
        try root.visitTree { parent, entry throws(SystemError) in
            guard entry.isDirectory else { return }
            let inode = try parent.status(of: entry.name).inode
            try (directories[inode] ?? Self.undescribedDirectory).apply(to: entry.name, in: parent)
        }
        try rootMetadata.apply(to: PathBytes("."), in: root)
    }

    /// The same for those only that came: what else is there is not ours.
    private func finishDescribed() throws(SystemError) {
        for path in described.reversed() {
            guard let (parentPath, name) = path.split else { continue }
            let parent = try root.openDirectoryInRoot(parentPath.relativePath)
            // Something else may have come into its place.
            guard let metadata = directories[try parent.status(of: name).inode] else { continue }
            try metadata.apply(to: name, in: parent, isShared: true)
        }
    }

    private func describeRoot(_ entry: ArchiveEntry) throws(Problem) {
        guard entry.kind == .directory else { throw .replacesRoot }
        rootMetadata = entry.metadata
    }

    private func describe(
        _ name: PathBytes, in parent: borrowing FileDescriptor, _ metadata: FileMetadata, isLink: Bool = false
    ) throws(Problem) {
        do throws(SystemError) {
            try metadata.apply(to: name, in: parent, isLink: isLink, isShared: merges)
        } catch {
            throw .system(error)
        }
    }

    /// Opens a directory inside the root, and makes it, with those above it, as far as it is missing.
    private func openDirectory(_ path: EntryPath) throws(Problem) -> FileDescriptor {
        do throws(SystemError) {
            return try root.openDirectoryInRoot(path.relativePath)
        } catch let error where error.errno == .noSuchFileOrDirectory {
            guard let (parentPath, name) = path.split else { throw .system(error) }
            let parent = try openDirectory(parentPath)
            do throws(SystemError) {
                try parent.makeDirectory(name, mode: 0o700)
                if merges {
                    directories[try parent.status(of: name).inode] = Self.undescribedDirectory
                    described.append(path)
                }
                return try parent.open(name, [.path, .directory])
            } catch let error where error.errno == .fileExists {
                // There is something, and yet it could not be opened: a link to nothing.
                throw .parentNotDirectory(path.relativePath)
            } catch {
                throw .system(error)
            }
        } catch let error where error.errno == .notDirectory {
            throw .parentNotDirectory(path.relativePath)
        } catch {
            throw .system(error)
        }
    }

    private func makeDirectory(
        _ name: PathBytes, in parent: borrowing FileDescriptor, _ metadata: FileMetadata
    ) throws(Problem) {
        do throws(SystemError) {
            do throws(SystemError) {
                try parent.makeDirectory(name, mode: 0o700)
            } catch let error where error.errno == .fileExists {
                if try parent.status(of: name).kind != .directory {
                    if merges { throw error }
                    try parent.removeFile(name)
                    try parent.makeDirectory(name, mode: 0o700)
                }
            }
            directories[try parent.status(of: name).inode] = metadata
        } catch let error where error.errno == .fileExists {
            throw .replacesFile
        } catch {
            throw .system(error)
        }
    }

    /// Runs `make`, and once more without what an earlier entry has put in the place of `name`.
    func replacing<Made: ~Copyable>(
        _ name: PathBytes, in parent: borrowing FileDescriptor, _ make: () throws(SystemError) -> Made
    ) throws(Problem) -> Made {
        do throws(SystemError) {
            do throws(SystemError) {
                return try make()
            } catch let error where error.errno == .fileExists {
                let existing = try parent.status(of: name)
                if existing.kind == .directory {
                    guard !merges else { throw SystemError("rmdir", "\(name)", .directoryNotEmpty) }
                    try parent.removeDirectory(name)
                    directories[existing.inode] = nil
                } else {
                    try parent.removeFile(name)
                }
                return try make()
            }
        } catch let error where error.errno == .directoryNotEmpty {
            throw .replacesDirectory
        } catch {
            throw .system(error)
        }
    }
}
