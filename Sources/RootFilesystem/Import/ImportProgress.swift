public import Linux

/// How far an import has come.
public struct ImportProgress: Hashable, Sendable {
    /// Entries of the archive that have been begun.
    public internal(set) var entries = 0
    /// Content written to files.
    public internal(set) var written = ByteCount(bytes: 0)
    /// Read from the archive, as it is: compressed, perhaps.
    public internal(set) var read = ByteCount(bytes: 0)
    /// The size of the archive, where that is known beforehand: not for a pipe.
    public let size: ByteCount?

    init(size: ByteCount?) {
        self.size = size
    }
}
