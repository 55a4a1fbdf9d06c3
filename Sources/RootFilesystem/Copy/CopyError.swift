public import Linux

/// Why something could not be copied.
public enum CopyError: Error, Hashable, Sendable {
    /// What is to be copied, which is not there or cannot be reached.
    case source(String, Errno)
    /// Where it is to go: the directory it would be in.
    case target(String, Errno)
    /// It has to be a directory, and is none.
    case targetNotDirectory(String)
    /// A directory would take the place of a file.
    case directoryOverFile(String)
    case outputIsTerminal
    case content(RootFilesystemError.Reason)
}

extension CopyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .source(let path, let errno): "\(path): \(errno)"
        case .target(let path, let errno): "cannot copy to \(path): \(errno)"
        case .targetNotDirectory(let path): "cannot copy to \(path): there is no such directory"
        case .directoryOverFile(let path): "cannot copy a directory to \(path), which is a file"
        case .outputIsTerminal: "standard output is a terminal; pipe the archive into a program, or into a file"
        case .content(let reason): "\(reason)"
        }
    }
}
