internal import Linux
internal import Runtime

/// The machine itself, for a loader that is to run what it loads.
public struct SystemHost: HostInspector {
    public init() {}

    public func read(_ path: String, atMost limit: Int) -> Result<[UInt8], FileProblem> {
        do {
            let file = path == "/dev/stdin" ? try FileDescriptor.duplicate(0) : try FileDescriptor.open(path)
            guard try file.status().kind != .directory else { return .failure(.isDirectory) }
            return .success(try file.readAll(limit: limit))
        } catch {
            return switch error.errno {
            case .noSuchFileOrDirectory, .notDirectory: .failure(.absent)
            case .isDirectory: .failure(.isDirectory)
            case .fileTooLarge: .failure(.tooLarge)
            default: .failure(.failed("\(error.errno)"))
            }
        }
    }

    public func kind(ofPath path: String) -> FileKind {
        switch (try? FileStatus.of(path))?.kind {
        case .directory: .directory
        case .regular: .file
        case nil: .absent
        default: .other
        }
    }

    public func executable(
        _ name: String, searchPath: [String], workingDirectory: String, inRootfs rootfs: String
    ) -> ExecutableLookup {
        guard let files = try? RootFiles(RootSpec(path: rootfs)) else { return .unknown }
        return switch files.program(name, searchPath: searchPath, workingDirectory: workingDirectory) {
        case .found: .found
        case .absent: .absent
        case .notExecutable: .notExecutable
        }
    }
}
