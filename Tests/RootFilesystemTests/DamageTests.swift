import Linux
import RootFilesystem
import Testing

/// Archives that are not what they should be. Each leaves nothing behind: `refusal` looks.
@Suite("A damaged archive leaves nothing", .enabled(if: effectiveUserID == 0))
struct DamageTests {
    /// Content that does not compress to nothing, so that there is something to cut.
    static let archive = Tar.archive { tar in
        var state: UInt32 = 1
        let noise = (0..<20_000).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        tar.add("d/", .directory, mode: 0o755)
        tar.add("d/noise", .regular, noise)
        tar.add("d/link", .hardLink, link: "d/noise")
        tar.add("last", .regular, [1, 2, 3])
    }

    @Test("and a whole one is imported, in every compression", arguments: Compression.allCases)
    func whole(compression: Compression) throws {
        let bytes = compression.compress(Self.archive)
        #expect((bytes == Self.archive) == (compression == .none))
        try importing(bytes) { root throws in
            #expect(
                try listing(root) == [
                    "dir 755 .", "dir 755 d", "file 644 d/link 20000", "file 644 d/noise 20000", "file 644 last 3",
                ])
        }
    }

    @Test("wherever it is cut short", arguments: Compression.allCases)
    func truncated(compression: Compression) throws {
        let bytes = compression.compress(Self.archive)
        // The second of the two blocks at the end of a tar is a habit, the first is the mark.
        let end = compression == .none ? bytes.count - 1024 : bytes.count - 1
        let cuts = Array(stride(from: 1, to: end, by: 509)) + Array(max(1, end - 20)...end)
        for cut in cuts {
            let reason = try refusal(of: Array(bytes[..<cut]))
            switch reason {
            case .truncated, .notAnArchive, .damaged, .noEntries: break
            default: Issue.record("cut at \(cut) of \(bytes.count): \(String(describing: reason))")
            }
        }
    }

    @Test("whichever byte of a compressed one is changed", arguments: Compression.allCases)
    func changed(compression: Compression) throws {
        // A tar has sums for its headers only, and libarchive writes zstd without a checksum.
        guard compression != .none, compression != .zstd else { return }
        let bytes = compression.compress(Self.archive)
        // The header of gzip has a time and the like, which nothing depends on.
        for position in stride(from: compression == .gzip ? 10 : 0, to: bytes.count, by: 997) {
            var changed = bytes
            changed[position] ^= 0x10
            _ = try refusal(of: changed)
        }
    }

    @Test("whatever is not an archive at all")
    func others() throws {
        #expect(try refusal(of: []) == .inputEmpty)
        #expect(try refusal(of: Compression.gzip.compress([])) == .notAnArchive)
        #expect(try refusal(of: Array("#!/bin/sh\necho not an archive\n".utf8)) == .notAnArchive)
        #expect(try refusal(of: Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 7, count: 2000)) == .notAnArchive)
        #expect(try refusal(of: Compression.gzip.compress(Array("text".utf8))) == .notAnArchive)
        #expect(try refusal(of: [UInt8](repeating: 0, count: 10240)) == .noEntries)
        #expect(try refusal(of: Tar.archive { $0.addPax(["comment": "x"], .paxGlobal) }) != nil)
    }

    @Test("a header with a wrong sum, junk behind the end, a malformed pax record")
    func headers() throws {
        var wrong = Self.archive
        wrong[512 + 2] ^= 1
        #expect(try refusal(of: wrong) == .damaged("Damaged tar archive"))

        let junk = Self.archive + [UInt8](repeating: 0x55, count: 512)
        #expect(try refusal(of: junk) == .damaged("Damaged tar archive"))

        let pax = Tar.archive { tar in
            tar.add("pax", .pax, Array("99 path=x\n".utf8))
            tar.add("file", .regular)
        }
        #expect(try refusal(of: pax) == .damaged("Ignoring malformed pax extended attribute"))
    }

    @Test("an owner, a device or a size that no file can have")
    func ranges() throws {
        let owner = Tar.archive { tar in
            tar.addPax(["uid": "4294967295"])
            tar.add("file")
        }
        #expect(try refusal(of: owner) == .entry(PathBytes("file"), .outOfRange("owner")))
        let group = Tar.archive { tar in
            tar.addPax(["gid": "-1"])
            tar.add("file")
        }
        #expect(try refusal(of: group) == .entry(PathBytes("file"), .outOfRange("group")))
        let device = Tar.archive { $0.add("null", .characterDevice, device: (4096, 3)) }
        #expect(try refusal(of: device) == .entry(PathBytes("null"), .outOfRange("device number")))
        let size = Tar.archive { tar in
            tar.addPax(["GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9000000000000000000"])
            tar.add("file", .regular, Array("0\n".utf8) + [UInt8](repeating: 0, count: 510))
        }
        let tooLarge = SystemError("ftruncate", "to 9000000000000000000 bytes", .fileTooLarge)
        #expect(try refusal(of: size) == .entry(PathBytes("file"), .system(tooLarge)))
    }

    @Test("an entry that a file system cannot hold, or a list that names somebody")
    func kinds() throws {
        let volume = Tar.archive { $0.add("part", .multiVolume, [1]) }
        #expect(try refusal(of: volume) == .entry(PathBytes("part"), .unknownType))
        let list = Tar.archive { tar in
            tar.addPax(["SCHILY.acl.access": "user::rwx,user:alice:r-x,group::r-x,mask::r-x,other::---"])
            tar.add("file")
        }
        #expect(try refusal(of: list) == .entry(PathBytes("file"), .namelessOwner("alice")))
    }

    @Test("an image, which has its root file system in layers")
    func image() throws {
        let saved = Tar.archive { tar in
            tar.add("4f2a/layer.tar", .regular, [1])
            tar.add("manifest.json", .regular, Array("[]".utf8))
            tar.add("repositories", .regular, Array("{}".utf8))
        }
        #expect(try refusal(of: saved) == .image)
    }

    @Test("and gzip may come in members, with zeros behind them")
    func members() throws {
        let half = Self.archive.count / 2
        let parts = [Array(Self.archive[..<half]), Array(Self.archive[half...])]
        let members = parts.flatMap { Compression.gzip.compress($0) }
        try importing(members + [0, 0, 0]) { root throws in
            #expect(try FileStatus.ofLink("\(root)/last").size == 3)
        }
        _ = try refusal(of: members + [1])
    }
}
