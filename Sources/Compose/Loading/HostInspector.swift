/// What the loader asks of the machine: to read files that stack files name, and whether what they name is there.
///
/// The loader itself touches nothing, so that its tests need no disk.
public protocol HostInspector {
    /// The contents of a file. `/dev/stdin` is the standard input.
    func read(_ path: String, atMost limit: Int) -> Result<[UInt8], FileProblem>

    /// What there is at an absolute path, symbolic links followed.
    func kind(ofPath path: String) -> FileKind

    /// Looks for a program as the service would when it starts it.
    ///
    /// - Parameters:
    ///   - name: the first word of the command; a path where it has a slash in it.
    ///   - searchPath: the directories of the service's `PATH`, within the root file system.
    ///   - workingDirectory: where a relative path starts from, within the root file system.
    ///   - rootfs: the root file system, as an absolute path on the host.
    func executable(
        _ name: String, searchPath: [String], workingDirectory: String, inRootfs rootfs: String
    ) -> ExecutableLookup
}

/// What there is at a path.
public enum FileKind: Sendable {
    /// Nothing, or nothing that may be looked at.
    case absent
    case directory
    case file

    /// A device, a socket, a pipe.
    case other
}

/// Why a file could not be read.
public enum FileProblem: Error, Equatable, Sendable {
    case absent
    case isDirectory

    /// It is longer than the loader wants to know.
    case tooLarge

    /// The system's own words, e.g. `Permission denied`.
    case failed(String)
}

/// Whether a program was found.
public enum ExecutableLookup: Equatable, Sendable {
    case found
    case absent

    /// There is a file of that name which nobody may execute.
    case notExecutable

    /// It could not be looked for, so nothing can be said.
    case unknown
}
