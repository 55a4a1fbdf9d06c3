import Linux
import RootFilesystem
import Testing

/// Archives made to reach out of the directory they are imported into.
@Suite("No entry gets out", .enabled(if: effectiveUserID == 0))
struct ConfinementTests {
    @Test(
        "by dots in its name",
        arguments: ["../x", "..", "a/../../x", "a/../b", "./..", "/../x", "a/..", "../../etc/passwd"])
    func dots(name: String) throws {
        let archive = Tar.archive { tar in
            tar.add("a/", .directory, mode: 0o755)
            tar.add(name)
        }
        #expect(try refusal(of: archive) == .entry(PathBytes(name), .leaves))
    }

    @Test("by an absolute name")
    func absoluteNames() throws {
        let archive = Tar.archive { tar in
            tar.add("/etc/gocker-absolute", .regular, [1])
            tar.add("//usr//./share/file", .regular)
            tar.add("/etc/link", .hardLink, link: "/etc/gocker-absolute")
        }
        try importing(archive) { root throws in
            #expect(
                try listing(root) == [
                    "dir 755 .", "dir 755 etc", "file 644 etc/gocker-absolute 1", "file 644 etc/link 1", "dir 755 usr",
                    "dir 755 usr/share", "file 644 usr/share/file 0",
                ])
        }
        #expect(throws: SystemError.self) { try FileStatus.ofLink("/etc/gocker-absolute") }
    }

    @Test(
        "by a link on the way, which leads to the same place inside",
        arguments: ["/", "..", "../..", "/..", "../../../../../../../..", "b/../../..", "."])
    func links(target: String) throws {
        let archive = Tar.archive { tar in
            tar.add("b/", .directory, mode: 0o755)
            tar.add("a", .symbolicLink, link: target)
            tar.add("a/gocker-escape", .regular, [1])
            tar.add("a/gocker-made/inner", .regular, [1])
        }
        try importing(archive) { root throws in
            #expect(try FileStatus.ofLink("\(root)/gocker-escape").kind == .regular)
            #expect(try FileStatus.ofLink("\(root)/gocker-made/inner").kind == .regular)
            #expect(linkTarget("\(root)/a") == target)
        }
        for outside in ["/gocker-escape", "/tmp/gocker-escape", "/gocker-made", "/tmp/gocker-made"] {
            #expect(throws: SystemError.self) { try FileStatus.ofLink(outside) }
        }
    }

    @Test("by a link to a directory of the host, which has to exist inside as well")
    func linkToHost() throws {
        try withTemporaryDirectory { outside throws in
            let archive = Tar.archive { tar in
                tar.add("a", .symbolicLink, link: outside)
                tar.add("a/file", .regular, [1])
            }
            let reason = try refusal(of: archive)
            #expect(reason == .entry(PathBytes("a/file"), .parentNotDirectory(PathBytes("a"))))
            #expect(try directoryEntries(outside).isEmpty)
        }
    }

    @Test("by a link that takes the place of a directory, or of the file itself")
    func swaps() throws {
        try withTemporaryDirectory { outside throws in
            try write("\(outside)/file", [1, 2, 3])
            let archive = Tar.archive { tar in
                tar.add("d/", .directory, mode: 0o777)
                tar.add("d", .symbolicLink, link: outside)
                tar.add("d/", .directory, mode: 0o777)
                tar.add("d/file", .regular, [4])
                tar.add("f", .symbolicLink, link: "\(outside)/file")
                tar.add("f", .regular, [5], mode: 0o777, owner: (7, 7))
                tar.add("n", .symbolicLink, link: "\(outside)/new")
                tar.add("n", .fifo)
            }
            try importing(archive) { root throws in
                #expect(
                    try listing(root) == [
                        "dir 755 .", "dir 777 d", "file 644 d/file 1", "file 777 7:7 f 1", "fifo 644 n",
                    ])
            }
            #expect(try listing(outside) == ["dir 755 .", "file 600 file 3"])
        }
    }

    @Test("by the owner, mode, time or attributes of a link")
    func linkMetadata() throws {
        try withTemporaryDirectory { outside throws in
            try write("\(outside)/file", [1])
            let before = details("\(outside)/file").time
            let archive = Tar.archive { tar in
                tar.addPax([("SCHILY.xattr.trusted.note", [1])])
                tar.add("a", .symbolicLink, link: "\(outside)/file", mode: 0o4777, owner: (9, 9), time: 5)
            }
            try importing(archive)
            #expect(try listing(outside) == ["dir 755 .", "file 600 file 1"])
            #expect(details("\(outside)/file").time == before)
            let directory = try FileDescriptor.open(outside, .directory)
            #expect(try directory.extendedAttribute(of: PathBytes("file"), PathBytes("trusted.note")) == nil)
        }
    }

    @Test("by a hard link")
    func hardLinks() throws {
        try withTemporaryDirectory { outside throws in
            try write("\(outside)/file", [1, 2, 3])
            let escapes: [(target: String, reason: RootFilesystemError.EntryProblem)] = [
                ("../archive", .hardLinkLeaves(PathBytes("../archive"))),
                ("a/../../archive", .hardLinkLeaves(PathBytes("a/../../archive"))),
                (".", .hardLinkLeaves(PathBytes("."))),
                ("\(outside)/file", .hardLinkTargetMissing(PathBytes("\(outside)/file"))),
                ("etc/passwd", .hardLinkTargetMissing(PathBytes("etc/passwd"))),
                ("up/archive", .hardLinkTargetMissing(PathBytes("up/archive"))),
                ("out/file", .hardLinkTargetMissing(PathBytes("out/file"))),
            ]
            for (target, reason) in escapes {
                let archive = Tar.archive { tar in
                    tar.add("up", .symbolicLink, link: "..")
                    tar.add("out", .symbolicLink, link: outside)
                    tar.add("h", .hardLink, link: target)
                    tar.add("h", .regular, [9])
                }
                #expect(try refusal(of: archive) == .entry(PathBytes("h"), reason))
            }
            #expect(details("\(outside)/file").links == 1)
        }
    }

    @Test("by a hard link to a link, which stays a link and is replaced, not followed")
    func hardLinkToLink() throws {
        try withTemporaryDirectory { outside throws in
            try write("\(outside)/file", [1, 2, 3])
            let archive = Tar.archive { tar in
                tar.add("a", .symbolicLink, link: "\(outside)/file")
                tar.add("b", .hardLink, link: "a")
                tar.add("b", .regular, [9])
            }
            try importing(archive) { root throws in
                #expect(try listing(root) == ["dir 755 .", "link a -> \(outside)/file", "file 644 b 1"])
            }
            #expect(try readFile("\(outside)/file") == [1, 2, 3])
        }
    }

    @Test("by writing to a device it has brought")
    func deviceContent() throws {
        // A pax archive may have content with a hard link; this one would go to the full device, and fail.
        let archive = Tar.archive { tar in
            tar.addPax(["comment": "pax"])
            tar.add("full", .characterDevice, device: (1, 7))
            tar.addPax(["size": "3"])
            tar.add("link", .hardLink, [1, 2, 3], link: "full")
            tar.add("full", .regular, [1, 2, 3])
        }
        try importing(archive) { root throws in
            #expect(try listing(root) == ["dir 755 .", "file 644 full 3", "char 644 link 1,7"])
        }
    }

    @Test("by what an overlay mount would take for its own notes")
    func overlayAttributes() throws {
        let archive = Tar.archive { tar in
            tar.addPax(["SCHILY.xattr.trusted.overlay.redirect": "/etc", "SCHILY.xattr.user.overlay.opaque": "y"])
            tar.add("d/", .directory, mode: 0o755)
        }
        try importing(archive) { root throws in
            let directory = try FileDescriptor.open(root, .directory)
            for name in ["trusted.overlay.redirect", "user.overlay.opaque"] {
                #expect(try directory.extendedAttribute(of: PathBytes("d"), PathBytes(name)) == nil)
            }
        }
    }

    @Test("and none replaces the root, or a directory with something in it")
    func replacements() throws {
        for flag in [Tar.Flag.regular, .symbolicLink, .fifo] {
            let root = Tar.archive { $0.add(".", flag, link: "/etc") }
            #expect(try refusal(of: root) == .entry(PathBytes("."), .replacesRoot))
        }
        let full = Tar.archive { tar in
            tar.add("d/file", .regular)
            tar.add("d", .symbolicLink, link: "/etc")
        }
        #expect(try refusal(of: full) == .entry(PathBytes("d"), .replacesDirectory))
        let file = Tar.archive { tar in
            tar.add("f", .regular)
            tar.add("f/inner", .regular)
        }
        #expect(try refusal(of: file) == .entry(PathBytes("f/inner"), .parentNotDirectory(PathBytes("f"))))
    }

    @Test("or, by its depth, is left behind when the import fails")
    func depth() throws {
        // Through links a path gets as deep as one likes: 40 times 200 is more than descriptors, and more than a path.
        let steps = String(repeating: "d/", count: 200)
        let archive = Tar.archive { tar in
            tar.add("l0", .symbolicLink, link: ".")
            for level in 0..<40 {
                tar.addPax(["path": "l\(level)/\(steps)"])
                tar.add("x", .directory, mode: 0o755)
                tar.addPax(["linkpath": "l\(level)/\(steps)"])
                tar.add("l\(level + 1)", .symbolicLink, link: "x")
                if level > 0 { tar.add("l\(level)", .regular) }
            }
            tar.add("../x")
        }
        _ = try refusal(of: archive)
    }
}
