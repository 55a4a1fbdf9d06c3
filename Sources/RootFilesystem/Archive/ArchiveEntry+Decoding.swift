internal import CArchive
internal import Linux

extension ArchiveEntry {
    /// Copies what libarchive has read.
    init(decoding entry: OpaquePointer) throws(RootFilesystemError.Reason) {
        let name = PathBytes(cString: archive_entry_pathname(entry))
        do throws(RootFilesystemError.EntryProblem) {
            kind = try Self.kind(of: entry, name: name)
            metadata = try Self.metadata(of: entry)
        } catch {
            throw .entry(name, error)
        }
        self.name = name
    }

    private static func kind(
        of entry: OpaquePointer, name: PathBytes
    ) throws(RootFilesystemError.EntryProblem) -> Kind {
        if let target = archive_entry_hardlink(entry) { return .hardLink(target: PathBytes(cString: target)) }
        switch archive_entry_filetype(entry) {
        case 0o100000:
            // Archives older than the directory type have a file with a slash at the end in its place.
            return name.bytes.last == UInt8(ascii: "/") ? .directory : .regular(size: archive_entry_size(entry))
        case 0o040000: return .directory
        case 0o120000: return .symbolicLink(target: PathBytes(cString: archive_entry_symlink(entry)))
        case 0o020000: return .node(.characterDevice(try device(of: entry)))
        case 0o060000: return .node(.blockDevice(try device(of: entry)))
        case 0o010000: return .node(.fifo)
        default: throw .unknownType
        }
    }

    private static func device(of entry: OpaquePointer) throws(RootFilesystemError.EntryProblem) -> DeviceNumber {
        // The kernel has 12 bits for the one and 20 for the other.
        let (major, minor) = (archive_entry_rdevmajor(entry), archive_entry_rdevminor(entry))
        guard major < 1 << 12, minor < 1 << 20 else { throw .outOfRange("device number") }
        return DeviceNumber(major: UInt32(major), minor: UInt32(minor))
    }

    private static func metadata(
        of entry: OpaquePointer
    ) throws(RootFilesystemError.EntryProblem) -> FileMetadata {
        // The highest number means "leave it" to the kernel.
        let numbers = 0..<Int64(UInt32.max)
        guard numbers.contains(archive_entry_uid(entry)) else { throw .outOfRange("owner") }
        guard numbers.contains(archive_entry_gid(entry)) else { throw .outOfRange("group") }
        return FileMetadata(
            owner: .init(user: UInt32(archive_entry_uid(entry)), group: UInt32(archive_entry_gid(entry))),
            mode: archive_entry_perm(entry) & 0o7777,
            modified: FileTime(
                seconds: Int64(archive_entry_mtime(entry)), nanoseconds: Int64(archive_entry_mtime_nsec(entry))),
            attributes: extendedAttributes(of: entry) + (try accessControlLists(of: entry))
        )
    }

    private static func extendedAttributes(of entry: OpaquePointer) -> [FileMetadata.Attribute] {
        var attributes: [FileMetadata.Attribute] = []
        archive_entry_xattr_reset(entry)
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK {
            let attribute = FileMetadata.Attribute(
                name: PathBytes(cString: name), value: Array(UnsafeRawBufferPointer(start: value, count: size)))
            if !attribute.steersOverlays { attributes.append(attribute) }
        }
        return attributes
    }
}

extension FileMetadata.Attribute {
    /// Whether this is a note that an overlay mount leaves in a layer, to hide or redirect what is below. It is not part
    /// of a file, and a mount would obey it.
    fileprivate var steersOverlays: Bool {
        ["trusted.overlay.", "user.overlay."].contains { name.bytes.starts(with: $0.utf8) }
    }
}
