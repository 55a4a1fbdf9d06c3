internal import CArchive
internal import Linux

/// The bytes of a gzip stream, decompressed. See RFC 1952.
///
/// libarchive could do this as it does the other formats, but it passes over the checksum at the end, and a root file
/// system with a wrong bit in it is worse than none.
final class GzipSource: ByteSource {
    private let source: any ByteSource
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    /// On the heap: zlib keeps its address.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var isInsideMember = true

    init(_ source: any ByteSource) throws(RootFilesystemError.Reason) {
        self.source = source
        stream.initialize(to: z_stream())
        // 15 is the largest window, 16 says that the stream is gzip's.
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .system(SystemError("inflateInit2", "", .outOfMemory))
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    func next() throws(RootFilesystemError.Reason) -> UnsafeRawBufferPointer {
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        while stream.pointee.avail_out == output.count {
            guard try fill() else { break }
            try step()
        }
        return UnsafeRawBufferPointer(rebasing: output[..<(output.count - Int(stream.pointee.avail_out))])
    }

    /// Makes sure that there is compressed input. Returns false at the end of the last member.
    private func fill() throws(RootFilesystemError.Reason) -> Bool {
        guard stream.pointee.avail_in == 0 else { return true }
        let chunk = try source.next()
        guard !chunk.isEmpty else {
            guard !isInsideMember else { throw .truncated }
            return false
        }
        // zlib does not write to its input; its type is older than const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: chunk.assumingMemoryBound(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(chunk.count)
        return true
    }

    private func step() throws(RootFilesystemError.Reason) {
        guard isInsideMember else { return startMember() }
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: return
        case Z_STREAM_END: isInsideMember = false
        default: throw .damaged("gzip: \(stream.pointee.msg.map { String(cString: $0) } ?? "no message")")
        }
    }

    /// One member may follow another; zeros between and behind them are padding.
    private func startMember() {
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else { return }
        inflateReset(stream)
        isInsideMember = true
    }
}
