import Linux
import Testing

@Suite("Amounts of bytes")
struct ByteCountTests {
    @Test(arguments: [
        ("0", 0), ("1048576", 1_048_576), ("512b", 512), ("1k", 1024), ("1kb", 1024), ("1KiB", 1024), ("64m", 64 << 20),
        ("64 MB", 64 << 20), ("1.5g", 3 << 29), (".5k", 512), ("2t", 2 << 40), ("1PiB", 1 << 50),
    ])
    func areReadWithEveryUnit(text: String, bytes: Int64) {
        #expect(ByteCount(text)?.bytes == bytes)
    }

    @Test(arguments: [
        "", " ", "m", "-1", "-1m", "1.", "1..5", "1.2.3m", "1e3", "0x10", "1mm", "1bb", "1ib", "1z", "64m ", "٣m",
        "nan",
        "infinity", "9223372036854775808", "8192p", "9999999999999999999999g", "1\u{0}m",
    ])
    func areNothingInAnyOtherForm(text: String) {
        #expect(ByteCount(text) == nil)
    }

    @Test func reachTheLargestNumberThereIs() {
        #expect(ByteCount("9223372036854775807")?.bytes == .max)
        #expect(ByteCount("8191p")?.bytes == 8191 << 50)
    }

    @Test(
        arguments: [
            (0, "0B"), (512, "512B"), (1024, "1KiB"), (1536, "1.5KiB"), (64 << 20, "64MiB"), (3 << 29, "1.5GiB"),
            ((1 << 20) - 1, "1MiB"), (1023, "1023B"), (Int64.max, "8EiB"),
        ] as [(Int64, String)])
    func arePrintedWithTheLargestUnitThatFits(bytes: Int64, text: String) {
        #expect("\(ByteCount(bytes: bytes))" == text)
    }

    @Test func areOrdered() {
        #expect(ByteCount.kibibytes(1) < .mebibytes(1))
        #expect(ByteCount.mebibytes(1024) == .gibibytes(1))
    }
}
