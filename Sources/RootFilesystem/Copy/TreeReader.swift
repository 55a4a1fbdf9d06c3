internal import Linux

/// Reads a file, or a directory with everything in it, as the entries of an archive.
///
/// Nothing in it is followed, and everything is opened by name in its open directory: whoever changes the tree meanwhile
/// gains no more than a mixture.
struct TreeReader {
    typealias Reason = RootFilesystemError.Reason
    /// A directory's entry comes before those in it. What the content gives is valid until the call returns.
    typealias Found = (ArchiveEntry, ArchiveContent) throws(Reason) -> Void

    let ownership: CopyOptions.Ownership
    /// Whether devices are left out: outside of a container they open what they should not.
    let skipsDevices: Bool
    /// Told what is left out.
    let warn: (String) -> Void

    /// Reads what `name` is in `directory`, as the entry `entryName`.
    func read(
        _ name: PathBytes, in directory: borrowing FileDescriptor, as entryName: PathBytes, _ found: Found
    ) throws(Reason) {
        let status = try kernel(try directory.status(of: name))
        var metadata = metadata(of: status)
        if ownership == .kept, status.kind == .regular {
            metadata.attributes = try kernel(try Self.capabilities(of: name, in: directory))
        }
        func entry(_ kind: ArchiveEntry.Kind) -> ArchiveEntry {
            ArchiveEntry(name: entryName, kind: kind, metadata: metadata)
        }
        switch status.kind {
        case .directory:
            try found(entry(.directory), .none)
            try readEntries(of: try kernel(try directory.open(name, .directory)), as: entryName, found)
        case .regular:
            // Should it be a FIFO by now, this does not wait.
            let file = try kernel(try directory.open(name, [.read, .nonBlocking]))
            let size = try kernel(try file.status().size)
            try found(entry(.regular(size: size)), .file(file, size: size))
        case .symbolicLink:
            let target = try kernel(try directory.linkTarget(of: name))
            try found(entry(.symbolicLink(target: target)), .none)
        case .fifo:
            try found(entry(.node(.fifo)), .none)
        case .characterDevice, .blockDevice:
            guard !skipsDevices else { return warn("\(entryName) is a device, and left out") }
            try found(entry(.node(status.kind)), .none)
        case .socket, .unknown:
            warn("\(entryName) is a socket, and left out")
        }
    }

    /// Reads what is in `directory`, as entries below `entryName`, or by their own names where that is empty.
    func readEntries(
        of directory: borrowing FileDescriptor, as entryName: PathBytes, _ found: Found
    ) throws(Reason) {
        // Not files, but what the kernel has to say; much of it is different each time, and some of it never ends.
        let kind = try kernel(try FileSystemKind.of(directory))
        guard kind != .proc, kind != .sysfs else { return warn("\(entryName) belongs to the kernel, and is left out") }
        let names = try kernel(try directory.directoryEntries()).map(\.name)
        for name in names.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
            try read(name, in: directory, as: entryName.appending(name), found)
        }
    }

    /// Reads an open file.
    func read(file: borrowing FileDescriptor, as entryName: PathBytes, _ found: Found) throws(Reason) {
        let status = try kernel(try file.status())
        let entry = ArchiveEntry(name: entryName, kind: .regular(size: status.size), metadata: metadata(of: status))
        try found(entry, .file(file, size: status.size))
    }

    private func metadata(of status: FileStatus) -> FileMetadata {
        // Rights that a file gives come from its owner: another one has not granted them.
        let mode = ownership == .kept ? status.mode : status.mode & 0o1777
        return FileMetadata(owner: ownership.owner(of: status), mode: mode, modified: status.modified)
    }

    private static func capabilities(
        of name: PathBytes, in directory: borrowing FileDescriptor
    ) throws(SystemError) -> [FileMetadata.Attribute] {
        let attribute = PathBytes("security.capability")
        do {
            let value = try directory.extendedAttribute(of: name, attribute)
            return value.map { [FileMetadata.Attribute(name: attribute, value: $0)] } ?? []
        } catch  where error.errno == .notSupported {
            return []
        }
    }
}

extension CopyOptions.Ownership {
    fileprivate func owner(of status: FileStatus) -> FileMetadata.Owner {
        switch self {
        case .kept: FileMetadata.Owner(user: status.owner, group: status.group)
        case .given(let user, let group): FileMetadata.Owner(user: user, group: group)
        }
    }
}

extension ArchiveContent {
    static var none: ArchiveContent { ArchiveContent { nil } }

    /// At most `size` bytes of a file, from where it is.
    static func file(_ file: borrowing FileDescriptor, size: Int64) throws(RootFilesystemError.Reason) -> ArchiveContent
    {
        let source = FileSource(try kernel(try file.duplicate()), cancellation: Cancellation(descriptor: nil))
        var offset: Int64 = 0
        return ArchiveContent { () throws(RootFilesystemError.Reason) in
            guard offset < size else { return nil }
            let bytes = try source.next()
            guard !bytes.isEmpty else { return nil }
            let count = Int(min(Int64(bytes.count), size - offset))
            defer { offset += Int64(count) }
            return (offset, UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }
}
