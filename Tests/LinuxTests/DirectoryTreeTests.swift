import Linux
import Testing

@Suite("A directory tree")
struct DirectoryTreeTests {
    /// Runs `body` with an empty directory of its own.
    private func withDirectory(_ body: (borrowing FileDescriptor) throws -> Void) throws {
        let random = try randomBytes(8).map { String($0, radix: 36) }.joined()
        let path = "/tmp/gocker-tree-\(random)"
        try makeDirectory(path)
        let directory = try FileDescriptor.open(path, .directory)
        defer {
            try? directory.removeAllEntries()
            try? removeDirectory(path)
        }
        try body(directory)
    }

    @Test("is visited from the leaves to the root, links not followed")
    func order() throws {
        try withDirectory { root in
            for name in ["a", "a/b", "a/b/c", "d"] { try root.makeDirectory(name) }
            try root.makeSymbolicLink("a/b/link", to: "/")
            var visited: [String] = []
            try root.visitTree { _, entry throws(SystemError) in
                visited.append(entry.isDirectory ? "\(entry.name)/" : "\(entry.name)")
            }
            #expect(visited.sorted() == ["a/", "b/", "c/", "d/", "link"])
            let order = Dictionary(uniqueKeysWithValues: visited.enumerated().map { ($1, $0) })
            for (inner, outer) in [("c/", "b/"), ("link", "b/"), ("b/", "a/")] {
                #expect(try #require(order[inner]) < #require(order[outer]))
            }
        }
    }

    @Test("is removed though it is deeper than there are descriptors, and has names that are not UTF-8")
    func removal() throws {
        try withDirectory { root in
            var directory = try root.duplicate()
            for _ in 0..<3000 {
                try directory.makeDirectory(PathBytes([0xFF]), mode: 0o700)
                directory = try directory.open(PathBytes([0xFF]), .directory)
            }
            try directory.makeNode(PathBytes([0xFE, 0x0A]), .fifo, mode: 0o600)
            try root.removeAllEntries()
            #expect(try root.entries().isEmpty)
        }
    }

    @Test("names the whole path of what fails")
    func failure() throws {
        try withDirectory { root in
            for name in ["a", "a/b"] { try root.makeDirectory(name) }
            try root.makeSymbolicLink("a/b/c", to: "nowhere")
            let error = #expect(throws: SystemError.self) {
                try root.visitTree { directory, entry throws(SystemError) in try directory.removeDirectory(entry.name) }
            }
            #expect(error == SystemError("rmdir", "a/b/c", .notDirectory))
        }
    }
}
