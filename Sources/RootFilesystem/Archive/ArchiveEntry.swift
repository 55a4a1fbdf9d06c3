internal import Linux

/// One entry of an archive: a name and what belongs there.
struct ArchiveEntry {
    /// What an entry makes.
    enum Kind: Hashable {
        case directory
        case regular(size: Int64)
        case symbolicLink(target: PathBytes)
        case hardLink(target: PathBytes)
        /// A device or a FIFO.
        case node(FileStatus.Kind)
    }

    /// As it is in the archive: nobody has looked yet whether it is a good one.
    let name: PathBytes
    let kind: Kind
    let metadata: FileMetadata
}
