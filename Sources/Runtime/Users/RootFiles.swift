public import Linux

/// The files of a container's root file system before it runs, seen from the host and never leading out of it.
///
/// With a writable layer the layer is asked first, as overlayfs does: what the last run changed counts.
public struct RootFiles: ~Copyable {
    private let base: FileDescriptor
    private let layer: FileDescriptor?

    /// - Throws: `SystemError` where the root file system is missing or not a directory.
    public init(_ root: RootSpec) throws(SystemError) {
        base = try FileDescriptor.open(root.path, [.path, .directory])
        if case .layer(let upper, _) = root.changes {
            layer = try? FileDescriptor.open(upper, [.path, .directory])
        } else {
            layer = nil
        }
    }

    /// The users the container has. A missing or unreadable file counts as empty.
    public func users() -> UserDatabase {
        UserDatabase(passwd: text("/etc/passwd"), group: text("/etc/group"))
    }

    /// Whether a program is where a container would look for it.
    public enum Program: Hashable, Sendable {
        case found
        case absent
        /// There is something of that name, but it is no file that may be executed.
        case notExecutable
    }

    /// Looks for `name` as execvp(3) does: in `searchPath`, or from `workingDirectory` where it has a slash.
    public func program(_ name: String, searchPath: [String], workingDirectory: String) -> Program {
        if name.hasPrefix("/") { return program(at: name) }
        if name.contains("/") { return program(at: "\(workingDirectory)/\(name)") }
        var best = Program.absent
        for directory in searchPath {
            switch program(at: "\(directory)/\(name)") {
            case .found: return .found
            case .notExecutable: best = .notExecutable
            case .absent: continue
            }
        }
        return best
    }

    private func program(at path: String) -> Program {
        guard let file = try? base.openInRoot(path), let status = try? file.status() else { return .absent }
        return status.kind == .regular && status.mode & 0o111 != 0 ? .found : .notExecutable
    }

    private func text(_ path: String) -> String {
        switch layer {
        case .some(let layer):
            if let text = Self.text(path, in: layer) { return text }
        case nil:
            break
        }
        return Self.text(path, in: base) ?? ""
    }

    private static func text(_ path: String, in directory: borrowing FileDescriptor) -> String? {
        // Looked at before it is opened: opening a device can have an effect of its own.
        guard let file = try? directory.openInRoot(path), let status = try? file.status(), status.kind == .regular,
            let bytes = try? file.reopen().readAll(limit: 4 << 20)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
