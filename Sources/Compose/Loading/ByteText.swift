internal import Linux

/// Sizes as stack files write them: what `ByteCount` reads, and whole numbers below zero for "no limit".
enum ByteText {
    static func parse(_ text: String) -> Int64? {
        Int64(text) ?? ByteCount(text)?.bytes
    }
}
