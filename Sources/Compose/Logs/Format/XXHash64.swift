/// XXH64, the checksum of records: it notices what a disk or a torn write did to them, and costs next to nothing. See
/// github.com/Cyan4973/xxHash, `doc/xxhash_spec.md`.
enum XXHash64 {
    private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
        0x27D4_EB2F_1656_67C5
    )

    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        let (p1, p2, p3, p4, p5) = primes
        guard let base = bytes.baseAddress else { return finish(seed &+ p5) }
        let count = bytes.count
        var index = 0
        var hash: UInt64
        if count >= 32 {
            var (a, b, c, d) = (seed &+ p1 &+ p2, seed &+ p2, seed, seed &- p1)
            while index + 32 <= count {
                a = round(a, base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                b = round(b, base.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self))
                c = round(c, base.loadUnaligned(fromByteOffset: index + 16, as: UInt64.self))
                d = round(d, base.loadUnaligned(fromByteOffset: index + 24, as: UInt64.self))
                index += 32
            }
            hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
            hash = merge(merge(merge(merge(hash, a), b), c), d)
        } else {
            hash = seed &+ p5
        }
        hash &+= UInt64(count)
        while index + 8 <= count {
            hash ^= round(0, base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            hash = rotate(hash, 27) &* p1 &+ p4
            index += 8
        }
        if index + 4 <= count {
            hash ^= UInt64(base.loadUnaligned(fromByteOffset: index, as: UInt32.self)) &* p1
            hash = rotate(hash, 23) &* p2 &+ p3
            index += 4
        }
        while index < count {
            hash ^= UInt64(base.load(fromByteOffset: index, as: UInt8.self)) &* p5
            hash = rotate(hash, 11) &* p1
            index += 1
        }
        return finish(hash)
    }

    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 { value &<< bits | value &>> (64 &- bits) }

    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* primes.1, 31) &* primes.0
    }

    private static func merge(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* primes.0 &+ primes.3
    }

    private static func finish(_ hash: UInt64) -> UInt64 {
        var hash = (hash ^ hash &>> 33) &* primes.1
        hash = (hash ^ hash &>> 29) &* primes.2
        return hash ^ hash &>> 32
    }
}
