internal import Linux

/// The content of an archive's current entry.
struct ArchiveContent {
    let reader: ArchiveReader
    /// Told about every block that is written.
    let wrote: (Int) -> Void

    /// Writes it to an empty file; what the archive leaves out stays a hole.
    func copy(
        to file: borrowing FileDescriptor, size: Int64, entry: PathBytes
    ) throws(RootFilesystemError.Reason) {
        while let (offset, bytes) = try reader.nextBlock() {
            do throws(SystemError) {
                try file.writeAll(bytes, at: offset)
            } catch {
                throw .entry(entry, .system(error))
            }
            wrote(bytes.count)
        }
        do throws(SystemError) {
            try file.setSize(size)
        } catch {
            throw .entry(entry, .system(error))
        }
    }
}
