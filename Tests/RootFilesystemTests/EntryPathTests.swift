import Linux
import Testing

@testable import RootFilesystem

@Suite("The place of an entry")
struct EntryPathTests {
    @Test(
        "is what is left of its name without dots and slashes",
        arguments: [
            ("etc/passwd", "etc/passwd"), ("./etc/passwd", "etc/passwd"), ("/etc//passwd/", "etc/passwd"),
            ("a/./b/.", "a/b"), ("...", "..."), ("..a/b..", "..a/b.."), (".", "."), ("./", "."), ("/", "."), ("", "."),
        ])
    func normalised(name: String, expected: String) {
        #expect(EntryPath(PathBytes(name))?.relativePath == PathBytes(expected))
    }

    @Test(
        "does not exist where the name goes up", arguments: ["..", "../a", "a/..", "a/../b", "/..", "./../a", "a/b/.."])
    func refused(name: String) {
        #expect(EntryPath(PathBytes(name)) == nil)
    }

    @Test("comes apart into the directory and the name in it")
    func split() throws {
        let (parent, name) = try #require(EntryPath(PathBytes("a/b/c"))?.split)
        #expect(parent.relativePath == PathBytes("a/b") && name == PathBytes("c"))
        let (root, only) = try #require(EntryPath(PathBytes("a"))?.split)
        #expect(root.relativePath == PathBytes(".") && only == PathBytes("a"))
        #expect(EntryPath(PathBytes("/"))?.split == nil)
    }
}
