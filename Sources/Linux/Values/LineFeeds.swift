internal import CLinux

/// What has to be known of bytes that are lines. All of it runs over every byte that a service prints, and nothing here
/// allocates.
extension UnsafeRawBufferPointer {
    /// How many line feeds there are.
    public var lineFeedCount: Int {
        guard let base = baseAddress else { return 0 }
        var total = 0
        var index = 0
        // Eight bytes at a time: a byte of `zeros` is 1 where that of the text is a line feed. Sums of up to 255 of them
        // do not run over into each other.
        while index + 8 <= count {
            var sums: UInt64 = 0
            let end = Swift.min(index + 255 * 8, index + (count - index) & ~7)
            while index < end {
                let text = base.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ 0x0A0A_0A0A_0A0A_0A0A
                let filled = ((text & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | text
                sums &+= ~filled >> 7 & 0x0101_0101_0101_0101
                index += 8
            }
            let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ (sums >> 8 & 0x00FF_00FF_00FF_00FF)
            total += Int((pairs &* 0x0001_0001_0001_0001) >> 48)
        }
        while index < count {
            if base.load(fromByteOffset: index, as: UInt8.self) == 0x0A { total += 1 }
            index += 1
        }
        return total
    }

    /// Where the first `byte` is from `start` on. The corresponding C function is `memchr`.
    public func firstOffset(of byte: UInt8, from start: Int = 0) -> Int? {
        guard let base = baseAddress, start < count,
            let found = memchr(base + start, CInt(byte), count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Where the last `byte` is before `end`. The corresponding C function is `memrchr`.
    public func lastOffset(of byte: UInt8, before end: Int) -> Int? {
        guard let base = baseAddress, end > 0, let found = memrchr(base, CInt(byte), end) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Where `bytes` begin for the first time from `start` on. The corresponding C function is `memmem`.
    public func firstOffset(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = baseAddress, let wanted = bytes.baseAddress, start < count,
            let found = memmem(base + start, count - start, wanted, bytes.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// The part from `start` to before `end`.
    public func part(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[start..<end])
    }
}
