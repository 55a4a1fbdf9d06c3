public import Linux

/// Copies files and directories between the host and containers, as `docker cp` does.
///
/// Neither end is trusted: a path is resolved below its root, and what is in the tree is never followed. A file that is
/// there is replaced, a directory is filled.
public enum FileCopy {
    /// Copies `source` to `target`.
    ///
    /// A target that is a directory gets it under its own name, or, where the source ends with `/.`, what is in it. One
    /// that is not there becomes it; the directory that it is in has to be there.
    ///
    /// - Throws: `CopyError`. What has been copied by then stays.
    public static func copy(
        from source: CopyPlace, to target: CopyPlace, _ options: CopyOptions
    ) throws(CopyError) {
        let original = try CopyOriginal.find(source, followsLink: options.followsLink)
        let place = try Self.place(for: original, target)
        do throws(RootFilesystemError.Reason) {
            let extractor = try kernel(try Extractor(into: place.directory, merges: true))
            try original.read(as: place.name, options) { entry, content throws(RootFilesystemError.Reason) in
                try extractor.extract(entry, content: content)
            }
            try kernel(try extractor.finish())
        } catch {
            throw .content(error)
        }
    }

    /// Writes `source` to `output` as a tar archive.
    public static func archive(
        _ source: CopyPlace, to output: borrowing FileDescriptor, _ options: CopyOptions
    ) throws(CopyError) {
        guard !output.isTerminal else { throw .outputIsTerminal }
        let original = try CopyOriginal.find(source, followsLink: options.followsLink)
        do throws(RootFilesystemError.Reason) {
            let writer = try ArchiveWriter(output)
            try original.read(as: original.meansContent ? PathBytes("") : original.name, options) {
                entry, content throws(RootFilesystemError.Reason) in
                try writer.write(entry, content)
            }
            try writer.finish()
        } catch {
            throw .content(error)
        }
    }

    /// Extracts a tar archive, plain or compressed, into the directory `target`. Owners are those in the archive.
    public static func extract(_ archive: ArchiveSource, to target: CopyPlace) throws(CopyError) {
        let directory = try Self.directory(target)
        do throws(RootFilesystemError.Reason) {
            let cancellation = Cancellation(descriptor: nil)
            let reader = try ArchiveReader(
                FileSource(try archive.open(), cancellation: cancellation), cancellation: cancellation)
            let extractor = try kernel(try Extractor(into: directory, merges: true))
            let content = ArchiveContent(reader: reader)
            while let entry = try reader.next() { try extractor.extract(entry, content: content) }
            try kernel(try extractor.finish())
        } catch {
            throw .content(error)
        }
    }

    // MARK: Where it goes

    private struct Place: ~Copyable {
        let directory: FileDescriptor
        /// Empty for what is in the source.
        let name: PathBytes
    }

    private static func place(for original: CopyOriginal, _ target: CopyPlace) throws(CopyError) -> Place {
        let existing: FileStatus?
        do {
            existing = try target.open().status()
        } catch  where error.errno == .noSuchFileOrDirectory {
            existing = nil
        } catch {
            throw .target(target.path, error.errno)
        }
        if existing?.kind == .directory {
            return Place(directory: try directory(target), name: original.meansContent ? PathBytes("") : original.name)
        }
        if existing != nil, original.isDirectory { throw .directoryOverFile(target.path) }
        // A directory can be made where it is missing; a file cannot be put into one.
        guard let (parent, name) = target.split, !target.meansDirectory || (existing == nil && original.isDirectory)
        else { throw .targetNotDirectory(target.path) }
        do {
            return Place(directory: try target.openDirectory(parent), name: name)
        } catch {
            throw error.errno == .noSuchFileOrDirectory
                ? .targetNotDirectory(parent) : .target(target.path, error.errno)
        }
    }

    private static func directory(_ target: CopyPlace) throws(CopyError) -> FileDescriptor {
        do {
            return try target.openDirectory(target.path)
        } catch {
            throw .targetNotDirectory(target.path)
        }
    }
}
