internal import CZlib
internal import Linux

/// Files in gzip's format. See RFC 1952.
enum Compression {
    private static let chunk = 256 << 10
    /// 15 is the largest window, 16 says that the stream is gzip's.
    private static let window: CInt = 15 + 16

    /// Compresses all of `source`, quickly rather than well.
    static func pack(_ source: borrowing FileDescriptor, to target: borrowing FileDescriptor) throws(SystemError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard
            deflateInit2_(
                stream, Z_BEST_SPEED, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                CInt(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw SystemError("deflateInit2", "", .outOfMemory) }
        defer { deflateEnd(stream) }
        try run(stream, source, target) { deflate($0, $1 ? Z_FINISH : Z_NO_FLUSH) }
    }

    /// A file in memory with what `source` has, decompressed.
    ///
    /// - Throws: `SystemError`, `.protocolError` where it is damaged.
    static func unpack(_ source: borrowing FileDescriptor) throws(SystemError) -> FileDescriptor {
        let target = try FileDescriptor.inMemory(named: "gocker-log")
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard inflateInit2_(stream, window, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw SystemError("inflateInit2", "", .outOfMemory)
        }
        defer { inflateEnd(stream) }
        try run(stream, source, target) { stream, _ in inflate(stream, Z_NO_FLUSH) }
        return target
    }

    /// Passes everything through `step`, which is told whether the input is over, until it says that the stream is.
    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>, _ source: borrowing FileDescriptor,
        _ target: borrowing FileDescriptor, _ step: (UnsafeMutablePointer<z_stream>, Bool) -> CInt
    ) throws(SystemError) {
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        defer {
            input.deallocate()
            output.deallocate()
        }
        var isOver = false
        while true {
            if stream.pointee.avail_in == 0, !isOver {
                let count = try source.read(into: input)
                isOver = count == 0
                stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = UInt32(count)
            }
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(output.count)
            let result = step(stream, isOver)
            let made = output.count - Int(stream.pointee.avail_out)
            try target.writeAll(UnsafeRawBufferPointer(rebasing: output[..<made]))
            switch result {
            case Z_STREAM_END: return
            case Z_OK: continue
            // Nothing could be done: more input is needed, or more room.
            case Z_BUF_ERROR where made > 0 || !isOver: continue
            default: throw SystemError("decompress", "", .protocolError)
            }
        }
    }
}
