internal import CArchive
internal import Linux

/// Writes a tar archive, in the POSIX form: names of any length, times to the nanosecond.
final class ArchiveWriter {
    typealias Reason = RootFilesystemError.Reason

    private let archive: OpaquePointer
    private let output: Output

    /// What libarchive's callback works with. It cannot pass a Swift error on, so that the error waits here.
    private final class Output {
        let sink: any ByteSink
        var failure: Reason?

        init(_ sink: any ByteSink) {
            self.sink = sink
        }

        func write(_ bytes: UnsafeRawBufferPointer) -> Int {
            do throws(Reason) {
                try sink.write(bytes)
                return bytes.count
            } catch {
                failure = error
                return -1
            }
        }
    }

    /// Writes to a file or pipe.
    convenience init(_ output: borrowing FileDescriptor) throws(Reason) {
        try self.init(FileSink(try kernel(try output.duplicate())))
    }

    init(_ sink: any ByteSink) throws(Reason) {
        output = Output(sink)
        guard let archive = archive_write_new() else {
            throw .system(SystemError("archive_write_new", "", .outOfMemory))
        }
        self.archive = archive
        archive_write_set_format_pax_restricted(archive)
        // What has been written is not to wait for more.
        archive_write_set_bytes_in_last_block(archive, 1)
        let client = Unmanaged.passUnretained(output).toOpaque()
        let result = archive_write_open(
            archive, client, nil,
            { _, client, bytes, count in
                let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
                return client.map { Unmanaged<Output>.fromOpaque($0).takeUnretainedValue().write(bytes) } ?? -1
            }, nil)
        guard result == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_write_free(archive)
    }

    func write(_ entry: ArchiveEntry, _ content: ArchiveContent) throws(Reason) {
        try begin(entry)
        guard case .regular(let size) = entry.kind else { return }
        var written: Int64 = 0
        while let (_, bytes) = try content.next() {
            try write(bytes)
            written += Int64(bytes.count)
        }
        // A file that became shorter meanwhile: the size has been promised, and libarchive fills up with zeros.
        if written < size, archive_write_finish_entry(archive) < ARCHIVE_WARN { throw failure() }
    }

    /// Writes a file of root's from the first second of 1970.
    func write(_ name: String, _ content: [UInt8]) throws(Reason) {
        try begin(name, size: Int64(content.count))
        try content.withUnsafeBufferPointer { bytes throws(Reason) in try write(UnsafeRawBufferPointer(bytes)) }
    }

    /// Begins such a file; `size` bytes have to follow.
    func begin(_ name: String, size: Int64) throws(Reason) {
        let metadata = FileMetadata(owner: .root, mode: 0o644, modified: .epoch)
        try begin(ArchiveEntry(name: PathBytes(name), kind: .regular(size: size), metadata: metadata))
    }

    /// Writes a part of the content of the entry that was begun last.
    func write(_ bytes: UnsafeRawBufferPointer) throws(Reason) {
        guard archive_write_data(archive, bytes.baseAddress, bytes.count) >= 0 else { throw failure() }
    }

    private func begin(_ entry: ArchiveEntry) throws(Reason) {
        guard let header = archive_entry_new() else {
            throw .system(SystemError("archive_entry_new", "", .outOfMemory))
        }
        defer { archive_entry_free(header) }
        entry.describe(header)
        guard archive_write_header(archive, header) >= ARCHIVE_WARN else { throw failure() }
    }

    /// Writes the end; without it the archive is cut short.
    func finish() throws(Reason) {
        guard archive_write_close(archive) == ARCHIVE_OK else { throw failure() }
    }

    private func failure() -> Reason {
        if let failure = output.failure { return failure }
        let errno = Errno(rawValue: archive_errno(archive))
        return .system(SystemError("write", "archive", errno))
    }
}

extension ArchiveEntry {
    fileprivate func describe(_ header: OpaquePointer) {
        func set(_ name: PathBytes, _ body: (OpaquePointer, UnsafePointer<CChar>) -> Void) {
            (name.bytes + [0]).withUnsafeBytes { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    if let address = text.baseAddress { body(header, address) }
                }
            }
        }
        set(name) { archive_entry_set_pathname($0, $1) }
        archive_entry_set_perm(header, metadata.mode)
        archive_entry_set_uid(header, Int64(metadata.owner?.user ?? 0))
        archive_entry_set_gid(header, Int64(metadata.owner?.group ?? 0))
        if let time = metadata.modified { archive_entry_set_mtime(header, Int(time.seconds), Int(time.nanoseconds)) }
        for attribute in metadata.attributes {
            set(attribute.name) { archive_entry_xattr_add_entry($0, $1, attribute.value, attribute.value.count) }
        }
        switch kind {
        case .directory: archive_entry_set_filetype(header, 0o040000)
        case .regular(let size):
            archive_entry_set_filetype(header, 0o100000)
            archive_entry_set_size(header, size)
        case .symbolicLink(let target):
            archive_entry_set_filetype(header, 0o120000)
            set(target) { archive_entry_set_symlink($0, $1) }
        case .hardLink(let target): set(target) { archive_entry_set_hardlink($0, $1) }
        case .node(.characterDevice(let device)): setDevice(header, 0o020000, device)
        case .node(.blockDevice(let device)): setDevice(header, 0o060000, device)
        case .node: archive_entry_set_filetype(header, 0o010000)
        }
    }

    private func setDevice(_ header: OpaquePointer, _ type: UInt32, _ device: DeviceNumber) {
        archive_entry_set_filetype(header, type)
        archive_entry_set_rdevmajor(header, UInt(device.major))
        archive_entry_set_rdevminor(header, UInt(device.minor))
    }
}
