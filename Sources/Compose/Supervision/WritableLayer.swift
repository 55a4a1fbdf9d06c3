internal import Linux
internal import Runtime

/// Where an instance's changes to its root file system go: kept over restarts, made anew when the service has changed.
struct WritableLayer {
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Which definition the changes belong to.
    private var mark: String { path + "/fingerprint" }

    /// Keeps the changes for a definition that differs in nothing they depend on.
    func adopt(_ service: Service) throws(SystemError) {
        try replaceFile(mark, with: "\(service.fingerprint)".utf8)
    }

    func prepare(for service: Service) throws(SystemError) -> RootChanges {
        let wanted = "\(service.fingerprint)"
        if (try? readText(mark)) != wanted {
            try ContainerFiles.removeTree(path)
            try makeDirectories(path, mode: 0o700)
            // The root directory of a container is everybody's to enter.
            try makeDirectory(path + "/upper", mode: 0o755)
            try makeDirectory(path + "/work", mode: 0o700)
            try adopt(service)
        }
        // An overlay cannot lie on another one, as in a container: there the changes last for one run only.
        if try FileSystemKind.of(path) == .overlay { return .temporary }
        return .layer(upper: path + "/upper", work: path + "/work")
    }
}
