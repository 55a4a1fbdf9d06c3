internal import Linux

extension RootFilesystem {
    /// Makes a root file system of a tar archive, plain or compressed with gzip, bzip2, xz, zstd or lz4: what `docker
    /// export` writes, or a distribution's mini root file system.
    ///
    /// Owners, modes, times, links, devices, holes, extended attributes and access control lists are kept. No entry gets
    /// out of the directory, by whatever name, link or hard link; what would is an error, as is an archive that is
    /// damaged or cut short.
    ///
    /// - Parameters:
    ///   - directory: does not exist, or is an empty directory.
    ///   - cancellation: a descriptor that becomes readable when the import shall stop, such as a signal queue's.
    ///   - progress: told after every entry and every block; it is up to it to be seldom heard.
    /// - Returns: what has been imported.
    @discardableResult
    public static func importArchive(
        from source: ArchiveSource, to directory: String, cancellation: CInt? = nil,
        progress: @escaping (ImportProgress) -> Void = { _ in }
    ) throws(RootFilesystemError) -> ImportProgress {
        do throws(RootFilesystemError.Reason) {
            // Owners and devices are root's to give.
            guard effectiveUserID == 0 else { throw .needsRoot }
            let cancellation = Cancellation(descriptor: cancellation)
            let input = FileSource(try source.open(), cancellation: cancellation)
            var state = ImportProgress(size: input.size.map { ByteCount(bytes: $0) })
            func report(entries: Int = 0, written: Int = 0) {
                state.entries += entries
                state.written = ByteCount(bytes: state.written.bytes + Int64(written))
                state.read = ByteCount(bytes: input.count)
                progress(state)
            }
            try StagedDirectory.make(directory) { root throws(RootFilesystemError.Reason) in
                let reader = try ArchiveReader(input, cancellation: cancellation)
                let content = ArchiveContent(reader: reader) { report(written: $0) }
                try extract(reader, content, into: root) { report(entries: 1) }
            }
            return state
        } catch {
            throw RootFilesystemError(operation: "import \(source)", reason: error)
        }
    }

    private static func extract(
        _ reader: ArchiveReader, _ content: ArchiveContent, into root: borrowing FileDescriptor, began: () -> Void
    ) throws(RootFilesystemError.Reason) {
        let extractor = try kernel(try Extractor(into: root))
        var isEmpty = true
        while let entry = try reader.next() {
            isEmpty = false
            began()
            try extractor.extract(entry, content: content)
        }
        guard !isEmpty else { throw .noEntries }
        guard !holdsImage(root) else { throw .image }
        try kernel(try extractor.finish())
    }

    /// Whether the files are those of an image, as `docker save` and its relatives pack it: layers in an archive of
    /// their own, which a container could not run.
    private static func holdsImage(_ root: borrowing FileDescriptor) -> Bool {
        func has(_ name: String) -> Bool { (try? root.status(of: PathBytes(name)))?.kind == .regular }
        return has("manifest.json") && has("repositories") || has("oci-layout") && has("index.json")
    }
}
