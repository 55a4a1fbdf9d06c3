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
    /// Whether hard links and all extended attributes are kept.
    let isWhole: Bool
    /// Whether devices are left out: outside of a container they open what they should not.
    let skipsDevices: Bool
    /// Told what is left out.
    let warn: (String) -> Void
    /// The files with more than one name, by the first that was met.
    private let names = FirstNames()

    init(
        ownership: CopyOptions.Ownership, isWhole: Bool = false, skipsDevices: Bool = false,
        warn: @escaping (String) -> Void
    ) {
        self.ownership = ownership
        self.isWhole = isWhole
        self.skipsDevices = skipsDevices
        self.warn = warn
    }

    /// Reads what `name` is in `directory`, as the entry `entryName`.
    func read(
        _ name: PathBytes, in directory: borrowing FileDescriptor, as entryName: PathBytes, _ found: Found
    ) throws(Reason) {
        let status = try kernel(try directory.status(of: name))
        var metadata = metadata(of: status)
        if isWhole {
            metadata.attributes = try kernel(try Self.attributes(of: name, in: directory))
        } else if ownership == .kept, status.kind == .regular {
            metadata.attributes = try kernel(try Self.capabilities(of: name, in: directory))
        }
        func entry(_ kind: ArchiveEntry.Kind) -> ArchiveEntry {
            ArchiveEntry(name: entryName, kind: kind, metadata: metadata)
        }
        if isWhole, let first = names.first(of: status, elseNoting: entryName) {
            return try found(entry(.hardLink(target: first)), .none)
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

    /// Those that are part of a file, and not of where it lies: no label of the machine's, no note of an overlay.
    private static func attributes(
        of name: PathBytes, in directory: borrowing FileDescriptor
    ) throws(SystemError) -> [FileMetadata.Attribute] {
        var attributes: [FileMetadata.Attribute] = []
        for attribute in try directory.extendedAttributeNames(of: name) {
            let isMeant =
                ["security.capability", "system.posix_acl_access", "system.posix_acl_default"].contains("\(attribute)")
                || (attribute.bytes.starts(with: "user.".utf8) && !attribute.bytes.starts(with: "user.overlay.".utf8))
            guard isMeant, let value = try directory.extendedAttribute(of: name, attribute) else { continue }
            attributes.append(FileMetadata.Attribute(name: attribute, value: value))
        }
        return attributes.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
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

/// Knows files with more than one name by the first of them.
private final class FirstNames {
    private struct File: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private var names: [File: PathBytes] = [:]

    /// The name that a file was met by before; nil for one that is met for the first time, or has one name only.
    func first(of status: FileStatus, elseNoting name: PathBytes) -> PathBytes? {
        guard status.links > 1, status.kind != .directory, status.kind != .socket else { return nil }
        let file = File(device: status.device, inode: status.inode)
        if let first = names[file] { return first }
        names[file] = name
        return nil
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
