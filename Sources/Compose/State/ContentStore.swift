internal import Linux

/// What secrets and configs that came from variables hold: in the run directory, which is memory, for their owner only,
/// each under its digest.
struct ContentStore {
    private let path: String

    init(_ directory: StackDirectory) {
        path = directory.run + "/contents"
    }

    func keep(_ contents: [String: [UInt8]]) throws(SystemError) {
        guard !contents.isEmpty else { return }
        try makeDirectories(path, mode: 0o700)
        for (digest, content) in contents { try placeFile("\(path)/\(digest)", with: content) }
    }

    /// - Throws: `.noSuchFileOrDirectory` after a restart of the machine.
    func content(_ digest: String) throws(SystemError) -> [UInt8] { try readFile("\(path)/\(digest)") }

    /// Forgets what nobody needs any more.
    func forgetAll(but digests: Set<String>) {
        for name in (try? directoryEntries(path)) ?? [] where !digests.contains(name) {
            try? removeFile("\(path)/\(name)")
        }
        try? removeDirectory(path)
    }
}

extension Service {
    /// The digests of the contents that it needs from the store.
    var storedContents: [String] {
        files.compactMap {
            guard case .variable(_, let digest) = $0.content else { return nil }
            return digest
        }
    }
}
