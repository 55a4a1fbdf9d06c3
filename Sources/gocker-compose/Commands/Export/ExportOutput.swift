internal import ArgumentParser
internal import Compose
internal import Linux

/// Where an exported stack goes.
enum ExportOutput: ExpressibleByArgument, Hashable {
    /// Standard output.
    case stream
    case file(String)
    case directory(String)

    static let help = ArgumentHelp(
        "A file, or a directory where it ends with / or is one (default: standard output).", valueName: "file|dir/")

    init(argument: String) {
        let isDirectory = (try? FileStatus.of(argument).kind) == .directory
        switch argument {
        case "-": self = .stream
        case _ where argument.hasSuffix("/") && argument.count > 1: self = .directory(String(argument.dropLast()))
        case _ where isDirectory: self = .directory(argument)
        default: self = .file(argument)
        }
    }

    /// Whether files can be written beside the stack's own.
    var hasRoom: Bool { if case .directory = self { true } else { false } }

    /// Writes the stack, its own file last: who finds that finds the rest.
    ///
    /// - Parameter name: of the stack's own file in a directory.
    /// - Returns: the path of the stack's own file; nil for standard output.
    @discardableResult
    func write(_ stack: ExportedStack, named name: String) throws -> String? {
        switch self {
        case .stream:
            writeBytes(stack.text.utf8, to: .standardOutput)
            return nil
        case .file(let path):
            try OutputFile.write(path) { try $0.writeAll(stack.text.utf8) }
            return path
        case .directory(let directory):
            for file in stack.files {
                let path = "\(directory)/\(file.name)"
                try OutputFile.makeParent(of: path)
                try OutputFile.write(path, mode: file.isSecret ? 0o600 : 0o644) { try $0.writeAll(file.content) }
            }
            let path = "\(directory)/\(name)"
            try OutputFile.makeParent(of: path)
            try OutputFile.write(path) { try $0.writeAll(stack.text.utf8) }
            return path
        }
    }
}
