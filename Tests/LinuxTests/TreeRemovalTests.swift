import Linux
import Testing

@Suite("Removing a tree")
struct TreeRemovalTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test func removesEverythingInIt() throws {
        try makeDirectories("\(scratch.path)/tree/a/b")
        try scratch.write("tree/a/b/file", "text")
        try makeFIFO("\(scratch.path)/tree/a/fifo", mode: 0o600)
        try removeTree("\(scratch.path)/tree")
        #expect(try directoryEntries(scratch.path) == [])
    }

    @Test func removesLinksAndNotWhatTheyLeadTo() throws {
        try makeDirectories("\(scratch.path)/kept/below")
        try makeDirectory("\(scratch.path)/tree")
        try scratch.link("tree/absolute", to: "\(scratch.path)/kept")
        try scratch.link("tree/relative", to: "../kept/below")
        try removeTree("\(scratch.path)/tree")
        #expect(try directoryEntries("\(scratch.path)/kept") == ["below"])
        #expect(try directoryEntries(scratch.path) == ["kept"])
    }

    @Test func removesALinkInThePlaceOfTheTree() throws {
        try makeDirectories("\(scratch.path)/kept/below")
        try scratch.link("tree", to: "kept")
        try removeTree("\(scratch.path)/tree")
        #expect(try directoryEntries(scratch.path) == ["kept"])
        #expect(try directoryEntries("\(scratch.path)/kept") == ["below"])
    }

    @Test func removesNamesThatAreNotText() throws {
        try makeDirectory("\(scratch.path)/tree")
        let tree = try FileDescriptor.open("\(scratch.path)/tree", [.path, .directory])
        try tree.makeDirectory(PathBytes([0xFF, 0xFE]), mode: 0o755)
        try removeTree("\(scratch.path)/tree")
        #expect(try directoryEntries(scratch.path) == [])
    }

    @Test func ofNothingIsNoError() throws {
        try removeTree("\(scratch.path)/absent")
    }

    @Test func twoMayRemoveOneTree() async throws {
        for _ in 0..<20 {
            try makeDirectories("\(scratch.path)/tree/a")
            for number in 0..<100 {
                try scratch.write("tree/\(number)", "")
                try scratch.write("tree/a/\(number)", "")
            }
            let tree = "\(scratch.path)/tree"
            async let one: Void = removeTree(tree)
            async let other: Void = removeTree(tree)
            _ = try await (one, other)
            #expect(try directoryEntries(scratch.path) == [])
        }
    }
}
