internal import CArchive

/// Digests what it takes with SHA-256, of FIPS 180-4, and counts it.
final class DigestSink: ByteSink {
    /// On the heap: nettle keeps no address, but Swift would copy.
    private let context = UnsafeMutablePointer<sha256_ctx>.allocate(capacity: 1)
    private(set) var count: Int64 = 0

    init() {
        nettle_sha256_init(context)
    }

    deinit {
        context.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) {
        nettle_sha256_update(context, bytes.count, bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
        count += Int64(bytes.count)
    }

    /// The digest of everything so far, with which it begins anew.
    func finish() -> Blob {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
        nettle_sha256_digest(context, digest.count, &digest)
        defer { count = 0 }
        let digits = Array("0123456789abcdef".utf8)
        let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return Blob(digest: String(decoding: text, as: UTF8.self), size: count)
    }
}

/// Something in an image, by what is in it.
struct Blob: Hashable, Sendable {
    /// SHA-256, 64 hexadecimal digits.
    let digest: String
    let size: Int64

    init(digest: String, size: Int64) {
        self.digest = digest
        self.size = size
    }

    init(of bytes: [UInt8]) {
        let sink = DigestSink()
        bytes.withUnsafeBytes { sink.write($0) }
        self = sink.finish()
    }
}
