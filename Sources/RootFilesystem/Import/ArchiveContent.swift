internal import Linux

/// The content of an archive's current entry, or of a file that is to be in its place.
struct ArchiveContent {
    /// The next part and where in the file it belongs; nil at the end. The bytes are valid until the next call.
    let next: () throws(RootFilesystemError.Reason) -> (offset: Int64, bytes: UnsafeRawBufferPointer)?
    /// Told about every block that is written.
    let wrote: (Int) -> Void

    init(
        wrote: @escaping (Int) -> Void = { _ in },
        next: @escaping () throws(RootFilesystemError.Reason) -> (offset: Int64, bytes: UnsafeRawBufferPointer)?
    ) {
        self.next = next
        self.wrote = wrote
    }

    init(reader: ArchiveReader, wrote: @escaping (Int) -> Void = { _ in }) {
        self.init(wrote: wrote) { () throws(RootFilesystemError.Reason) in try reader.nextBlock() }
    }

    /// Writes it to an empty file; what the archive leaves out stays a hole.
    func copy(
        to file: borrowing FileDescriptor, size: Int64, entry: PathBytes
    ) throws(RootFilesystemError.Reason) {
        while let (offset, bytes) = try next() {
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
