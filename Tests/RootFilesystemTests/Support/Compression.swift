import CArchive

/// The compressions that an import understands.
enum Compression: CaseIterable {
    case none
    case gzip
    case bzip2
    case xz
    case zstd
    case lz4

    /// Compresses `bytes` with libarchive.
    func compress(_ bytes: [UInt8]) -> [UInt8] {
        guard self != .none, let archive = archive_write_new(), let entry = archive_entry_new() else { return bytes }
        defer {
            archive_entry_free(entry)
            archive_write_free(archive)
        }
        archive_write_set_format_raw(archive)
        switch self {
        case .none: archive_write_add_filter_none(archive)
        case .gzip: archive_write_add_filter_gzip(archive)
        case .bzip2: archive_write_add_filter_bzip2(archive)
        case .xz: archive_write_add_filter_xz(archive)
        case .zstd: archive_write_add_filter_zstd(archive)
        case .lz4: archive_write_add_filter_lz4(archive)
        }
        archive_write_set_bytes_in_last_block(archive, 1)
        var buffer = [UInt8](repeating: 0, count: bytes.count + 65536)
        var used = 0
        buffer.withUnsafeMutableBytes {
            archive_write_open_memory(archive, $0.baseAddress, $0.count, &used)
            archive_entry_set_filetype(entry, 0o100000)
            archive_write_header(archive, entry)
            archive_write_data(archive, bytes, bytes.count)
            archive_write_close(archive)
        }
        return Array(buffer[..<used])
    }
}
