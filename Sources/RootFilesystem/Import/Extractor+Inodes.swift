internal import Linux

/// The kinds of entries that are no directories. Each is made new, without its owner and mode.
extension Extractor {
    func makeFile(_ name: PathBytes, in parent: borrowing FileDescriptor) throws(Problem) -> FileDescriptor {
        try replacing(name, in: parent) { () throws(SystemError) in
            try parent.open(name, [.write, .create, .exclusive], mode: 0o600)
        }
    }

    func makeSymbolicLink(
        _ name: PathBytes, to target: PathBytes, in parent: borrowing FileDescriptor
    ) throws(Problem) {
        try replacing(name, in: parent) { () throws(SystemError) in
            try parent.makeSymbolicLink(name, to: target)
        }
    }

    func makeNode(
        _ name: PathBytes, _ kind: FileStatus.Kind, in parent: borrowing FileDescriptor
    ) throws(Problem) {
        try replacing(name, in: parent) { () throws(SystemError) in
            try parent.makeNode(name, kind, mode: 0o600)
        }
    }

    /// Makes `name` another name of a file that the archive has brought before: the target is looked for inside the root,
    /// whatever links are on the way.
    func makeHardLink(
        _ name: PathBytes, to target: PathBytes, in parent: borrowing FileDescriptor
    ) throws(Problem) {
        func finding<Value: ~Copyable>(
            _ body: @autoclosure () throws(SystemError) -> Value
        ) throws(Problem) -> Value {
            do {
                return try body()
            } catch let error where error.errno == .noSuchFileOrDirectory {
                throw .hardLinkTargetMissing(target)
            } catch {
                throw .system(error)
            }
        }
        guard let (targetParent, targetName) = EntryPath(target)?.split else { throw .hardLinkLeaves(target) }
        let directory = try finding(try root.openDirectoryInRoot(targetParent.relativePath))
        let file = try finding(try directory.status(of: targetName))
        // To replace a name by a link to itself would lose the file.
        if let existing = try? parent.status(of: name), existing.isSameFile(as: file) { return }
        try replacing(name, in: parent) { () throws(SystemError) in
            try parent.makeHardLink(name, to: targetName, in: directory)
        }
    }
}
