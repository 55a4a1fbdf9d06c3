internal import Linux

/// Where an archive comes from.
public enum ArchiveSource: Hashable, Sendable {
    case file(String)
    case standardInput

    /// Reads a command-line argument: `-` is standard input.
    public init(argument: String) {
        self = argument == "-" ? .standardInput : .file(argument)
    }

    /// Opens it, and refuses what cannot be an archive: people mistype, and a terminal would wait for ever.
    func open() throws(RootFilesystemError.Reason) -> FileDescriptor {
        let file = try kernel(try openFile())
        guard try kernel(try file.status().kind) != .directory else { throw .inputIsDirectory }
        guard !file.isTerminal else { throw .inputIsTerminal }
        return file
    }

    private func openFile() throws(SystemError) -> FileDescriptor {
        do throws(SystemError) {
            switch self {
            case .file(let path): return try FileDescriptor.open(path)
            case .standardInput: return try FileDescriptor.duplicate(0)
            }
        } catch {
            // The name is in front of the sentence already.
            throw SystemError(error.call, "", error.errno)
        }
    }
}

extension ArchiveSource: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path): path
        case .standardInput: "standard input"
        }
    }
}
