import Compose

/// A machine made of values: the files that a test sets up, and nothing else.
struct FakeHost: HostInspector {
    var files: [String: String] = [:]
    var directories: Set<String> = ["/stacks/rootfs"]

    /// The programs of every root file system, by their absolute path in it.
    var programs: Set<String> = ["/bin/sleep", "/bin/sh", "/bin/true"]
    var notExecutable: Set<String> = ["/etc/passwd"]

    func read(_ path: String, atMost limit: Int) -> Result<[UInt8], FileProblem> {
        if directories.contains(path) { return .failure(.isDirectory) }
        guard let text = files[path] else { return .failure(.absent) }
        return text.utf8.count > limit ? .failure(.tooLarge) : .success(Array(text.utf8))
    }

    func kind(ofPath path: String) -> FileKind {
        directories.contains(path) ? .directory : files[path] == nil ? .absent : .file
    }

    func executable(
        _ name: String, searchPath: [String], workingDirectory: String, inRootfs rootfs: String
    ) -> ExecutableLookup {
        let candidates = name.contains("/") ? [name] : searchPath.map { "\($0)/\(name)" }
        if candidates.contains(where: programs.contains) { return .found }
        return candidates.contains(where: notExecutable.contains) ? .notExecutable : .absent
    }
}
