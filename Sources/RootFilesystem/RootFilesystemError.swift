public import Linux

/// Why a root file system could not be made: a sentence for people, and the reason for programs.
public struct RootFilesystemError: Error, Hashable, Sendable {
    /// What was attempted: `create a root file system`, `import layer.tar`.
    public let operation: String
    public let reason: Reason

    public init(operation: String, reason: Reason) {
        self.operation = operation
        self.reason = reason
    }

    /// What went wrong.
    public enum Reason: Error, Hashable, Sendable {
        // The directory to make.
        case directoryUnnamed(String)
        case directoryHasNoParent(String)
        case directoryNotEmpty(String)
        case notADirectory(String)
        case mountPoint(String)

        // The busybox to make it of.
        case noBusybox
        case unfitBusybox(String, String)

        // The archive to make it of.
        case inputIsTerminal
        case inputIsDirectory
        case inputEmpty
        case notAnArchive
        case noEntries
        case image
        case truncated
        case damaged(String)
        case entry(PathBytes, EntryProblem)

        /// What was read twice was not the same.
        case changed
        case needsRoot
        case cancelled
        case system(SystemError)
    }

    /// What is wrong with one entry of an archive.
    public enum EntryProblem: Error, Hashable, Sendable {
        case leaves
        case hardLinkLeaves(PathBytes)
        case hardLinkTargetMissing(PathBytes)
        case replacesRoot
        case replacesDirectory
        case replacesFile
        case parentNotDirectory(PathBytes)
        case unknownType
        case outOfRange(String)
        case namelessOwner(String)
        case system(SystemError)
    }
}

extension RootFilesystemError: CustomStringConvertible {
    /// For example `import layer.tar: entry "../../etc/passwd" would leave the root file system`.
    public var description: String { "\(operation): \(reason)" }
}

extension RootFilesystemError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .directoryUnnamed(let path): "\"\(path)\" does not name a directory that can be made"
        case .directoryHasNoParent(let path): "there is no directory \(path) to make it in"
        case .directoryNotEmpty(let path): "\(path) exists and is not empty"
        case .notADirectory(let path): "\(path) exists and is not a directory"
        case .mountPoint(let path): "\(path) is a mount point and cannot be replaced; name a directory in it"
        case .noBusybox: "no static busybox on this machine: apt-get install busybox-static, or name one"
        case .unfitBusybox(let path, let why): "\(path) \(why)"
        case .inputIsTerminal: "standard input is a terminal; pipe an archive into it, or name a file"
        case .inputIsDirectory: "is a directory, not an archive"
        case .inputEmpty: "is empty"
        case .notAnArchive: "is not a tar archive, plain or compressed with gzip, bzip2, xz, zstd or lz4"
        case .noEntries: "is an archive without entries"
        case .image: "is an image in layers, as docker save writes it; docker export writes a root file system"
        case .truncated: "ends too early: the archive is cut short"
        case .damaged(let detail): "is damaged: \(detail)"
        case .entry(let name, let problem): "entry \"\(name)\"\(problem)"
        case .changed: "it changed while it was read; nothing may write to it meanwhile"
        case .needsRoot: "only root can keep the owners and devices of an archive"
        case .cancelled: "cancelled"
        case .system(let error): "\(error)"
        }
    }
}

extension RootFilesystemError.EntryProblem: CustomStringConvertible {
    /// Continues a sentence that began with the entry.
    public var description: String {
        switch self {
        case .leaves: " would leave the root file system"
        case .hardLinkLeaves(let target): ": its hard link target \"\(target)\" is outside the root file system"
        case .hardLinkTargetMissing(let target): ": its hard link target \"\(target)\" is not in the archive before it"
        case .replacesRoot: " would replace the root directory by something else"
        case .replacesDirectory: " would replace a directory that is not empty"
        case .replacesFile: " is a directory and would replace something that is none"
        case .parentNotDirectory(let path): ": \"\(path)\" is not a directory"
        case .unknownType: " is of a type that a file system cannot hold"
        case .outOfRange(let what): ": its \(what) is out of range"
        case .namelessOwner(let name):
            ": its access control list names \"\(name)\" without a number (with GNU tar: --numeric-owner)"
        case .system(let error): ": \(error)"
        }
    }
}
