import Linux

/// A directory of a test's own, removed at its end.
final class Scratch {
    let path: String

    init() throws {
        path = "/tmp/gocker-linux-\(try randomBytes(8).map { String($0, radix: 16) }.joined())"
        try makeDirectory(path)
    }

    deinit {
        try? removeTree(path)
    }

    func open() throws -> FileDescriptor { try FileDescriptor.open(path, [.path, .directory]) }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws -> String {
        let file = "\(path)/\(name)"
        try FileDescriptor.open(file, [.write, .create, .truncate], mode: mode).writeAll(text.utf8)
        return file
    }

    func link(_ name: String, to target: String) throws {
        try open().makeSymbolicLink(name, to: target)
    }
}
