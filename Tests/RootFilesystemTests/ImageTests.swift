import CArchive
import Linux
import RootFilesystem
import Testing

@Suite("An image of a root file system", .enabled(if: effectiveUserID == 0))
struct ImageTests {
    private static let capability: [UInt8] = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    /// A tree with everything in it that a layer has to keep.
    private static let tree = Tar.archive { tar in
        tar.add("bin/", .directory, mode: 0o755)
        tar.addPax([("SCHILY.xattr.security.capability", capability)])
        tar.add("bin/ping", .regular, Array("ping".utf8), mode: 0o755)
        tar.add("bin/su", .regular, Array("setuid".utf8), mode: 0o4755, owner: (3, 4))
        tar.add("bin/doas", .hardLink, link: "bin/su")
        tar.add("bin/sh", .symbolicLink, link: "su", owner: (1000, 1000))
        tar.add("dev/null", .characterDevice, mode: 0o666, device: (1, 3))
        tar.add("dev/log", .fifo, mode: 0o600)
        tar.add("empty", .regular)
        tar.addPax([("SCHILY.xattr.user.note", Array("a\0b".utf8))])
        tar.add("tmp/", .directory, mode: 0o1777)
        tar.addPax(["SCHILY.acl.access": "user::rwx,user:guest:r-x:1000,group::r-x,mask::r-x,other::---"])
        tar.add("var/", .directory, mode: 0o750, owner: (5, 6))
    }

    private func image(
        of root: String, latestTime: Int64? = nil, warn: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> RootfsImage {
        var settings = RootfsImage.Settings(searchPath: "/bin", latestTime: latestTime)
        settings.warn = warn
        return try RootfsImage(of: root, settings)
    }

    /// The files of the archive that is written, by their names.
    private func archive(_ image: RootfsImage) throws -> [String: [UInt8]] {
        try withTemporaryDirectory { directory throws in
            let path = "\(directory)/image.tar"
            try image.write(to: try FileDescriptor.open(path, [.write, .create]), as: "r:5000/team/web:tag")
            return try entries(of: path)
        }
    }

    private func layer(_ image: RootfsImage) throws -> [UInt8] {
        let files = try archive(image)
        return try #require(files.filter { $0.key.hasPrefix("blobs/") }.values.max { $0.count < $1.count })
    }

    @Test func hasAllThatTheRootFileSystemHas() throws {
        try importing(Self.tree) { root throws in
            let original = try listing(root)
            let layer = try layer(image(of: root))
            try importing(layer) { copy throws in
                #expect(try listing(copy) == original)
                #expect(details("\(copy)/bin/su").links == 2)
                #expect(details("\(copy)/bin/su").time == details("\(root)/bin/su").time)
                let directory = try FileDescriptor.open(copy, .directory)
                func attribute(_ file: String, _ name: String) throws -> [UInt8]? {
                    try directory.extendedAttribute(of: PathBytes(file), PathBytes(name))
                }
                #expect(try attribute("bin/ping", "security.capability") == Self.capability)
                #expect(try attribute("tmp", "user.note") == Array("a\0b".utf8))
                #expect(try attribute("var", "system.posix_acl_access") != nil)
            }
        }
    }

    @Test func hasNamesAsTheBytesTheyAre() throws {
        let names: [[UInt8]] = [[0x6E, 0xE4, 0x6D, 0x65], Array("nämé".utf8), Array(repeating: 0x61, count: 200)]
        let archive = Tar.archive { tar in
            for name in names {
                tar.addPax([("path", name)])
                tar.add("short", .regular)
            }
        }
        try importing(archive) { root throws in
            try importing(try layer(image(of: root))) { copy throws in
                let entries = try FileDescriptor.open(copy, .directory).directoryEntries().map(\.name.bytes)
                #expect(Set(entries) == Set(names))
            }
        }
    }

    @Test func isTheSameWheneverTheRootFileSystemIs() throws {
        try importing(Self.tree) { first throws in
            try importing(Self.tree) { second throws in
                let (one, other) = (try image(of: first), try image(of: second))
                #expect(one.digest == other.digest)
                #expect(try archive(one) == archive(other))
                // Directories that archives do not have are of now; all else changes with the time of the latest.
                try write("\(second)/empty", [1])
                #expect(try image(of: second).digest != one.digest)
                try write("\(second)/empty", [])
                #expect(try image(of: second, latestTime: 5).digest == image(of: first, latestTime: 5).digest)
            }
        }
    }

    @Test func isAnOCILayoutAndADockerArchive() throws {
        try importing(Self.tree) { root throws in
            let image = try image(of: root)
            let files = try archive(image).mapValues { String(decoding: $0.prefix(1000), as: UTF8.self) }
            #expect(files["oci-layout"] == #"{"imageLayoutVersion":"1.0.0"}"#)
            let list = try #require(files["manifest.json"])
            #expect(list.contains(#""Config":"blobs/sha256/\#(image.digest)""#))
            #expect(list.contains(#""RepoTags":["r:5000/team/web:tag"]"#))
            let config = try #require(files["blobs/sha256/\(image.digest)"])
            #expect(config.contains(#""Env":["PATH=/bin"]"#) && config.contains(#""os":"linux""#))
            let index = try #require(files["index.json"])
            #expect(index.contains(#""org.opencontainers.image.ref.name":"tag""#))
            for name in files.keys where name.hasPrefix("blobs/sha256/") {
                #expect(try sha256(try #require(try archive(image)[name])) == name.split(separator: "/")[2])
            }
        }
    }

    @Test func leavesOutWhatAnEngineWouldTakeForAnotherFilesEnd() throws {
        let archive = Tar.archive { tar in
            tar.add("a", .regular)
            tar.add(".wh.b", .regular)
            tar.add("c", .characterDevice, device: (0, 0))
        }
        try importing(archive) { root throws in
            let told = Told()
            try importing(try layer(image(of: root) { told.sentences.append($0) })) { copy throws in
                #expect(try listing(copy) == ["dir 755 .", "file 644 a 0"])
            }
            #expect(
                told.sentences == [
                    ".wh.b would hide another file in an image, and left out",
                    "c would hide another file in an overlay, and left out",
                ])
        }
    }

    @Test func ofWhatChangesMeanwhileIsNone() throws {
        try importing(Self.tree) { root throws in
            let image = try image(of: root)
            try write("\(root)/empty", [1])
            let error = #expect(throws: RootFilesystemError.self) { try archive(image) }
            #expect(error?.reason == .changed)
        }
        let error = #expect(throws: RootFilesystemError.self) { try image(of: "/nowhere") }
        #expect("\(try #require(error))" == "read /nowhere: open /nowhere: No such file or directory")
    }
}

private final class Told: @unchecked Sendable {
    var sentences: [String] = []
}

/// The regular files of an archive, by their names.
private func entries(of path: String) throws -> [String: [UInt8]] {
    let archive = try #require(archive_read_new())
    defer { archive_read_free(archive) }
    archive_read_support_format_tar(archive)
    #expect(archive_read_open_filename(archive, path, 1 << 16) == ARCHIVE_OK)
    var files: [String: [UInt8]] = [:]
    var entry: OpaquePointer?
    while archive_read_next_header(archive, &entry) == ARCHIVE_OK, let entry {
        var content = [UInt8](repeating: 0, count: Int(archive_entry_size(entry)))
        #expect(archive_read_data(archive, &content, content.count) == content.count)
        files[String(cString: archive_entry_pathname(entry))] = content
    }
    return files
}

/// By another program than ours.
private func sha256(_ bytes: [UInt8]) throws -> String {
    try withTemporaryDirectory { directory throws in
        try write("\(directory)/file", bytes)
        let pipe = try Pipe()
        let process = try spawn(
            path: "/usr/bin/sha256sum", arguments: ["sha256sum", "\(directory)/file"],
            descriptors: [0, pipe.writer.number, 2])
        let reader = pipe.keepingReader()
        _ = try process.wait()
        return String(decoding: try reader.readAll(limit: 1 << 10), as: UTF8.self).split(separator: " ").first.map(
            String.init) ?? ""
    }
}
