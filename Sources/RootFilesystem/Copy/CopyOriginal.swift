internal import Linux

/// What is to be copied, found.
final class CopyOriginal {
    private enum Item {
        /// A name in `descriptor`, which is the directory it is in.
        case name(PathBytes)
        /// The file that `descriptor` names.
        case file
    }

    /// Its last name; empty for a root.
    let name: PathBytes
    let isDirectory: Bool
    /// Whether it is what is in the directory, and not the directory itself.
    let meansContent: Bool
    private let descriptor: FileDescriptor
    private let item: Item

    private init(
        _ source: CopyPlace, _ descriptor: consuming FileDescriptor, _ item: Item, isDirectory: Bool
    ) {
        name = source.split?.name ?? PathBytes("")
        meansContent = source.meansContent
        self.isDirectory = isDirectory
        self.descriptor = descriptor
        self.item = item
    }

    static func find(_ source: CopyPlace, followsLink: Bool) throws(CopyError) -> CopyOriginal {
        do {
            // A slash behind a link asks for where it leads.
            if let (parent, name) = source.split, !source.meansDirectory {
                let directory = try source.openDirectory(parent)
                let status = try directory.status(of: name)
                guard followsLink, status.kind == .symbolicLink else {
                    return CopyOriginal(source, directory, .name(name), isDirectory: status.kind == .directory)
                }
            }
            let file = try source.open()
            let kind = try file.status().kind
            if kind == .directory { return CopyOriginal(source, file, .name(PathBytes(".")), isDirectory: true) }
            guard !source.meansDirectory else { throw CopyError.source(source.path, .notDirectory) }
            guard kind == .regular else { throw CopyError.source(source.path, .invalidArgument) }
            return CopyOriginal(source, file, .file, isDirectory: false)
        } catch let error as CopyError {
            throw error
        } catch let error as SystemError {
            throw .source(source.path, error.errno)
        } catch {
            throw .source(source.path, .inputOutput)
        }
    }

    /// Reads it as the entry `entryName`, or, where that is empty, what is in it.
    func read(
        as entryName: PathBytes, _ options: CopyOptions, _ found: TreeReader.Found
    ) throws(RootFilesystemError.Reason) {
        let reader = TreeReader(
            ownership: options.ownership, isWhole: options.isWhole, skipsDevices: options.skipsDevices,
            warn: options.warn)
        switch item {
        case .file: try reader.read(file: try kernel(try descriptor.reopen()), as: entryName, found)
        case .name(let name):
            guard entryName.bytes.isEmpty else { return try reader.read(name, in: descriptor, as: entryName, found) }
            let directory = try kernel(try descriptor.open(name, .directory))
            try reader.readEntries(of: directory, as: entryName, found)
        }
    }
}
