internal import CArchive
internal import Linux

/// Reads a tar archive from front to back, plain or compressed.
final class ArchiveReader {
    private let archive: OpaquePointer
    private let input: Input
    private let cancellation: Cancellation

    /// What libarchive's callback works with. It cannot pass a Swift error on, so that the error waits here.
    private final class Input {
        let source: any ByteSource
        var failure: RootFilesystemError.Reason?

        init(_ source: any ByteSource) {
            self.source = source
        }

        func read(_ block: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
            do throws(RootFilesystemError.Reason) {
                let bytes = try source.next()
                block?.pointee = bytes.baseAddress
                return bytes.count
            } catch {
                failure = error
                return -1
            }
        }
    }

    init(_ file: FileSource, cancellation: Cancellation) throws(RootFilesystemError.Reason) {
        guard try !file.isAtEnd() else { throw .inputEmpty }
        let source: any ByteSource = try file.starts(with: [0x1F, 0x8B]) ? GzipSource(file) : file
        guard let archive = archive_read_new() else { throw .system(SystemError("archive_read_new", "", .outOfMemory)) }
        self.archive = archive
        self.cancellation = cancellation
        input = Input(source)

        archive_read_support_format_tar(archive)
        // One by one: among all that libarchive has there are filters that start programs.
        archive_read_support_filter_bzip2(archive)
        archive_read_support_filter_xz(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_filter_lz4(archive)
        // Reads on behind the mark at the end of the archive, to where the compressed stream has its last checksum, and so
        // that the program that writes into the pipe can finish.
        archive_read_set_options(archive, "tar:read_concatenated_archives")

        let client = Unmanaged.passUnretained(input).toOpaque()
        let result = archive_read_open(
            archive, client, nil,
            { _, client, block in
                client.map { Unmanaged<Input>.fromOpaque($0).takeUnretainedValue().read(block) } ?? -1
            }, nil)
        guard result == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_read_free(archive)
    }

    /// The next entry; nil at the end.
    func next() throws(RootFilesystemError.Reason) -> ArchiveEntry? {
        try cancellation.check()
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        case ARCHIVE_OK: break
        // A name that the C library's locale cannot represent is left as the bytes it is, which is what is wanted.
        case ARCHIVE_WARN where archive_errno(archive) == carchive_file_format_error: break
        case ARCHIVE_EOF:
            try checkEnd()
            return nil
        default: throw failure()
        }
        return try entry.map { entry throws(RootFilesystemError.Reason) in try ArchiveEntry(decoding: entry) }
    }

    /// The next part of the current entry's content and where in the file it belongs; nil at the end. What is left out
    /// is a hole. The bytes are valid until the next call.
    func nextBlock() throws(RootFilesystemError.Reason) -> (offset: Int64, bytes: UnsafeRawBufferPointer)? {
        try cancellation.check()
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        switch archive_read_data_block(archive, &start, &count, &offset) {
        case ARCHIVE_OK: return (offset, UnsafeRawBufferPointer(start: start, count: count))
        case ARCHIVE_EOF: return nil
        default: throw failure()
        }
    }

    /// An archive ends with a block of zeros. Where that is missing, so may be any number of entries.
    private func checkEnd() throws(RootFilesystemError.Reason) {
        let end = archive_filter_bytes(archive, 0)
        guard end >= archive_read_header_position(archive) + 512 else { throw .truncated }
    }

    private func failure() -> RootFilesystemError.Reason {
        if let failure = input.failure { return failure }
        let message = archive_error_string(archive).map { String(cString: $0) } ?? "an error without a message"
        if message.contains("Unrecognized archive format") { return .notAnArchive }
        if message.lowercased().contains("truncated") { return .truncated }
        return .damaged(message)
    }
}
