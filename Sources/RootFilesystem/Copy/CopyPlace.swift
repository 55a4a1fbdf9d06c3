public import Linux

/// One end of a copy: a path below a root that it cannot leave.
public final class CopyPlace {
    let root: FileDescriptor
    /// As people have written it, from the root on.
    public let path: String

    /// - Parameter root: `/` of the path; the host's, or a container's.
    public init(root: consuming FileDescriptor, path: String) {
        self.root = root
        self.path = path.hasPrefix("/") ? path : "/" + path
    }

    /// The host's.
    ///
    /// - Parameter path: relative to the working directory where it is not absolute.
    public init(ofHost path: String) throws(SystemError) {
        root = try FileDescriptor.open("/", [.path, .directory])
        self.path = path.hasPrefix("/") ? path : "\(try workingDirectory())/\(path)"
    }

    /// The last name, without which the rest is the directory it is in; nil where there is none, as in `/` and `a/..`.
    var split: (parent: String, name: PathBytes)? {
        let names = path.split(separator: "/")
        guard let last = names.last, last != ".", last != ".." else { return nil }
        return ("/" + names.dropLast().joined(separator: "/"), PathBytes(String(last)))
    }

    /// Whether it asks for what is in a directory, and not for the directory.
    var meansContent: Bool { path.hasSuffix("/.") || split == nil }

    /// Whether it can only be a directory.
    var meansDirectory: Bool { path.hasSuffix("/") || meansContent }

    /// Opens it, wherever links lead inside the root.
    func open() throws(SystemError) -> FileDescriptor { try root.openInRoot(path, .path) }

    func openDirectory(_ path: String) throws(SystemError) -> FileDescriptor {
        try root.openInRoot(path, [.path, .directory])
    }
}
