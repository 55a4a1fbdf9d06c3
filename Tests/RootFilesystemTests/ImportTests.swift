import CLinux
import Linux
import RootFilesystem
import Testing

@Suite("An import keeps", .enabled(if: effectiveUserID == 0))
struct ImportTests {
    @Test("files, directories, links, devices and FIFOs with their modes and owners")
    func kinds() throws {
        let archive = Tar.archive { tar in
            tar.add("./", .directory, mode: 0o750, owner: (1, 2))
            tar.add("./bin/", .directory, mode: 0o755)
            tar.add("./bin/su", .regular, Array("setuid".utf8), mode: 0o4755)
            tar.add("./bin/wall", .regular, [], mode: 0o2755, owner: (0, 5))
            tar.add("./bin/sh", .symbolicLink, link: "su", mode: 0o777, owner: (1000, 1000))
            tar.add("./bin/doas", .hardLink, link: "./bin/su")
            tar.add("./dev/null", .characterDevice, mode: 0o666, device: (1, 3))
            tar.add("./dev/sda", .blockDevice, mode: 0o660, owner: (0, 6), device: (8, 0))
            tar.add("./dev/log", .fifo, mode: 0o600)
            tar.add("./home/me", .directory, mode: 0o2700, owner: (1000, 1000))
            tar.add("./home/me/file", .regular, Array("mine".utf8), mode: 0o600, owner: (1000, 1000))
            tar.add("./tmp", .directory, mode: 0o1777)
        }
        try importing(archive) { root throws in
            #expect(
                try listing(root) == [
                    "dir 750 1:2 .",
                    "dir 755 bin",
                    "file 4755 bin/doas 6",
                    "link 1000:1000 bin/sh -> su",
                    "file 4755 bin/su 6",
                    "file 2755 0:5 bin/wall 0",
                    "dir 755 dev",
                    "fifo 600 dev/log",
                    "char 666 dev/null 1,3",
                    "block 660 0:6 dev/sda 8,0",
                    "dir 755 home",
                    "dir 2700 1000:1000 home/me",
                    "file 600 1000:1000 home/me/file 4",
                    "dir 1777 tmp",
                ])
            #expect(details("\(root)/bin/su").links == 2)
            #expect(try readText("\(root)/bin/su") == "setuid")
        }
    }

    @Test("modification times, of directories too, to the nanosecond")
    func times() throws {
        let archive = Tar.archive { tar in
            tar.add("d/", .directory, mode: 0o755, time: 1)
            tar.addPax(["mtime": "1234567890.123456789"])
            tar.add("d/file", .regular)
            tar.add("d/link", .symbolicLink, link: "file", time: 77)
            tar.addPax(["mtime": "-5"])
            tar.add("d/old", .fifo)
        }
        try importing(archive) { root throws in
            #expect(details("\(root)/d").time == FileTime(seconds: 1))
            #expect(details("\(root)/d/file").time == FileTime(seconds: 1_234_567_890, nanoseconds: 123_456_789))
            #expect(details("\(root)/d/link").time == FileTime(seconds: 77))
            #expect(details("\(root)/d/old").time == FileTime(seconds: -5))
        }
    }

    @Test("a directory that may not be written to, with what is in it")
    func readOnlyDirectory() throws {
        let archive = Tar.archive { tar in
            tar.add("closed/", .directory, mode: 0o555, time: 9)
            tar.add("closed/inner/", .directory, mode: 0o000, time: 8)
            tar.add("closed/inner/file", .regular, [1])
        }
        try importing(archive) { root throws in
            #expect(
                try listing(root) == [
                    "dir 755 .", "dir 555 closed", "dir 0 closed/inner", "file 644 closed/inner/file 1",
                ])
            #expect(details("\(root)/closed").time == FileTime(seconds: 9))
            #expect(details("\(root)/closed/inner").time == FileTime(seconds: 8))
        }
    }

    @Test("extended attributes, those of a link and capabilities of a changed owner included")
    func extendedAttributes() throws {
        // Version 2 of struct vfs_cap_data: CAP_NET_RAW, permitted and effective. NULs and newlines belong to it.
        let capability: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let archive = Tar.archive { tar in
            tar.addPax([("SCHILY.xattr.security.capability", capability)])
            tar.add("ping", .regular, [7], mode: 0o755, owner: (1000, 1000))
            tar.addPax([
                ("SCHILY.xattr.user.note", Array("a\nb\0c".utf8)), ("LIBARCHIVE.xattr.user.other", Array("eHl6".utf8)),
            ])
            tar.add("d/", .directory, mode: 0o755)
            tar.addPax([("SCHILY.xattr.trusted.note", [1, 2])])
            tar.add("link", .symbolicLink, link: "/nowhere")
        }
        try importing(archive) { root throws in
            let directory = try FileDescriptor.open(root, .directory)
            func attribute(_ file: String, _ name: String) throws -> [UInt8]? {
                try directory.extendedAttribute(of: PathBytes(file), PathBytes(name))
            }
            #expect(try attribute("ping", "security.capability") == capability)
            #expect(try attribute("d", "user.note") == Array("a\nb\0c".utf8))
            #expect(try attribute("d", "user.other") == Array("xyz".utf8))
            #expect(try attribute("link", "trusted.note") == [1, 2])
        }
    }

    @Test("access control lists, and lets nothing inherit the default one on the way")
    func accessControlLists() throws {
        let archive = Tar.archive { tar in
            tar.addPax([
                "SCHILY.acl.access": "user::rwx,user:guest:r-x:1000,group::r-x,mask::r-x,other::---",
                "SCHILY.acl.default": "user::rwx,group:1001:rw-,group::r-x,mask::rwx,other::r--",
            ])
            tar.add("d/", .directory, mode: 0o750)
            tar.add("d/file", .regular, mode: 0o644)
        }
        try importing(archive) { root throws in
            let directory = try FileDescriptor.open(root, .directory)
            func list(_ file: String, _ kind: String) throws -> [UInt8]? {
                try directory.extendedAttribute(of: PathBytes(file), PathBytes("system.posix_acl_\(kind)"))
            }
            let everyone: [UInt8] = [255, 255, 255, 255]
            let access: [[UInt8]] = [
                [2, 0, 0, 0], [1, 0, 7, 0], everyone, [2, 0, 5, 0], [0xE8, 3, 0, 0], [4, 0, 5, 0], everyone,
                [16, 0, 5, 0], everyone, [32, 0, 0, 0], everyone,
            ]
            #expect(try list("d", "access") == Array(access.joined()))
            let inherited: [[UInt8]] = [
                [2, 0, 0, 0], [1, 0, 7, 0], everyone, [4, 0, 5, 0], everyone, [8, 0, 6, 0], [0xE9, 3, 0, 0],
                [16, 0, 7, 0], everyone, [32, 0, 4, 0], everyone,
            ]
            #expect(try list("d", "default") == Array(inherited.joined()))
            #expect(try list("d/file", "access") == nil)
        }
    }

    @Test("names as the bytes they are: long, not ASCII, not UTF-8, not composed")
    func names() throws {
        let long = String(repeating: "long/", count: 60) + String(repeating: "n", count: 250)
        let latin1: [UInt8] = [0x63, 0x61, 0x66, 0xE9]
        let archive = Tar.archive { tar in
            tar.addPax(["path": long])
            tar.add("short", .regular, [1])
            tar.addPax(["path": "pax-café", "linkpath": "cible-é"])
            tar.add("short", .symbolicLink, link: "short")
            tar.addPax(["path": "decomposed-e\u{301}"])
            tar.add("short", .regular)
            tar.addPax([("path", Array("pax-".utf8) + latin1)])
            tar.add("short", .regular)
            tar.add(name: latin1, .regular)
            tar.add("x", .gnuLongName, Array((String(repeating: "g/", count: 100) + "gnu\0").utf8))
            tar.add("short", .regular)
            tar.addPax(["path": "slash-é/"])
            tar.add("short", .regular)
            tar.add("line\nbreak", .regular)
        }
        try importing(archive) { root throws in
            let directory = try FileDescriptor.open(root, .directory)
            #expect(try FileStatus.ofLink("\(root)/\(long)").size == 1)
            #expect(linkTarget("\(root)/pax-café") == "cible-é")
            for name in [PathBytes("decomposed-e\u{301}"), PathBytes(Array("pax-".utf8) + latin1), PathBytes(latin1)] {
                #expect(try directory.status(of: name).kind == .regular)
            }
            #expect(try FileStatus.ofLink("\(root)/\(String(repeating: "g/", count: 100))gnu").kind == .regular)
            #expect(try FileStatus.ofLink("\(root)/slash-é").kind == .directory)
            #expect(try FileStatus.ofLink("\(root)/line\nbreak").kind == .regular)
        }
    }

    @Test("holes as holes")
    func holes() throws {
        let archive = Tar.archive { tar in
            // GNU tar's sparse format 1.0: the map, padded to a block, then the parts that are no holes.
            tar.addPax([
                "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "sparse",
                "GNU.sparse.realsize": "8388608",
            ])
            let map = Array("2\n1048576\n4\n8388608\n0\n".utf8)
            let content = map + [UInt8](repeating: 0, count: 512 - map.count) + Array("data".utf8)
            tar.add("GNUSparseFile.0/sparse", .regular, content)
        }
        try importing(archive) { root throws in
            #expect(try listing(root) == ["dir 755 .", "file 644 sparse 8388608"])
            #expect(details("\(root)/sparse").blocks < 64)
            let file = try FileDescriptor.open("\(root)/sparse")
            #expect(try file.readAll(limit: 1 << 24)[1_048_576..<1_048_582] == [0x64, 0x61, 0x74, 0x61, 0, 0])
        }
    }

    @Test("nothing of a global pax header")
    func globalHeader() throws {
        let archive = Tar.archive { tar in
            tar.addPax(["comment": "0123456789abcdef", "path": "everything", "uid": "77"], .paxGlobal)
            tar.add("a", .regular, [1])
            tar.add("b", .regular, [1, 2])
        }
        try importing(archive) { root throws in
            #expect(try listing(root) == ["dir 755 .", "file 644 a 1", "file 644 b 2"])
        }
    }

    @Test("the last of several entries of one name")
    func replacement() throws {
        let archive = Tar.archive { tar in
            tar.add("file", .regular, [1, 2, 3], mode: 0o600)
            tar.add("file", .regular, [1], mode: 0o640)
            tar.add("link", .regular, [1])
            tar.add("link", .symbolicLink, link: "file")
            tar.add("link", .symbolicLink, link: "other")
            tar.add("empty/", .directory, mode: 0o700)
            tar.add("empty", .fifo)
            tar.add("was-link", .symbolicLink, link: "file")
            tar.add("was-link", .regular, [1, 2])
            tar.add("to-directory", .symbolicLink, link: "/")
            tar.add("to-directory/", .directory, mode: 0o711)
            tar.add("directory/", .directory, mode: 0o700)
            tar.add("directory/kept", .regular)
            tar.add("directory/", .directory, mode: 0o755, owner: (1, 1))
            tar.add("self", .regular, [1, 2, 3, 4])
            tar.add("self", .hardLink, link: "./self")
        }
        try importing(archive) { root throws in
            #expect(
                try listing(root) == [
                    "dir 755 .",
                    "dir 755 1:1 directory",
                    "file 644 directory/kept 0",
                    "fifo 644 empty",
                    "file 640 file 1",
                    "link link -> other",
                    "file 644 self 4",
                    "dir 711 to-directory",
                    "file 644 was-link 2",
                ])
        }
    }

    @Test("nothing of the caller's file mode mask, nor of what the parent directory hands down")
    func surroundings() throws {
        try withTemporaryDirectory { directory throws in
            let parent = try FileDescriptor.open(directory, .directory)
            try parent.setOwner(of: PathBytes("."), 0, group: 1234)
            try parent.setMode(of: PathBytes("."), 0o2755)
            // user::rwx, user:1000:rwx, group::rwx, mask::rwx, other::rwx, for everything made in here
            let everyone: [UInt8] = [255, 255, 255, 255]
            let list: [[UInt8]] = [
                [2, 0, 0, 0], [1, 0, 7, 0], everyone, [2, 0, 7, 0], [0xE8, 3, 0, 0], [4, 0, 7, 0], everyone,
                [16, 0, 7, 0], everyone, [32, 0, 7, 0], everyone,
            ]
            try parent.setExtendedAttribute(
                of: PathBytes("."), PathBytes("system.posix_acl_default"), Array(list.joined()))
            try write("\(directory)/archive", Tar.archive { $0.add("a/b", .regular, mode: 0o666) })
            try RootFilesystem.importArchive(from: .file("\(directory)/archive"), to: "\(directory)/root")
            #expect(try listing("\(directory)/root") == ["dir 755 .", "dir 755 a", "file 666 a/b 0"])
            let root = try FileDescriptor.open("\(directory)/root", .directory)
            for name in [".", "a", "a/b"] {
                for kind in ["access", "default"] {
                    let attribute = PathBytes("system.posix_acl_\(kind)")
                    #expect(try root.extendedAttribute(of: PathBytes(name), attribute) == nil)
                }
            }
        }
    }

    @Test("count of how far it has come")
    func progress() throws {
        try withTemporaryDirectory { directory throws in
            let archive = Tar.archive { tar in
                tar.add("a", .regular, [UInt8](repeating: 1, count: 1000))
                tar.add("b/", .directory)
            }
            try write("\(directory)/archive", archive)
            var last: ImportProgress?
            let result = try RootFilesystem.importArchive(
                from: .file("\(directory)/archive"), to: "\(directory)/root", progress: { last = $0 })
            #expect(result.entries == 2)
            #expect(result.written == ByteCount(bytes: 1000))
            #expect(result.read == result.size && result.size == ByteCount(bytes: Int64(archive.count)))
            #expect(last?.entries == 2)
        }
    }
}
