import Linux
import Testing

@Suite("Paths below a root never leave it")
struct RootedPathTests {
    private let scratch: Scratch
    private let outside: Scratch

    init() throws {
        scratch = try Scratch()
        outside = try Scratch()
        try outside.write("secret", "outside")
        try makeDirectory("\(scratch.path)/etc")
        try scratch.write("etc/secret", "inside")
    }

    @Test(arguments: ["/etc/secret", "etc/secret", "../../etc/secret", "/etc/../../../etc/secret", "//etc/./secret"])
    func howeverTheyAreWritten(path: String) throws {
        #expect(try scratch.open().openInRoot(path, .read).readAll() == Array("inside".utf8))
    }

    @Test(arguments: ["/etc", "../../../../etc", "etc"])
    func whereverALinkLeads(target: String) throws {
        try scratch.link("link", to: target)
        #expect(try scratch.open().openInRoot("/link/secret", .read).readAll() == Array("inside".utf8))
    }

    @Test func notByALinkToAHostPath() throws {
        try scratch.link("link", to: outside.path)
        #expect(throws: SystemError.self) { _ = try scratch.open().openInRoot("/link/secret") }
    }

    @Test func notByTheMagicLinksOfProc() throws {
        let root = try FileDescriptor.open("/", [.path, .directory])
        let error = #expect(throws: SystemError.self) { _ = try root.openInRoot("/proc/self/root/etc") }
        #expect(error?.errno == .tooManyLinks)
    }

    @Test func directoriesAreMadeInside() throws {
        try scratch.link("up", to: "../../../..")
        _ = try scratch.open().makeDirectoriesInRoot("/up/../a/./b/c", mode: 0o700)
        let made = try FileStatus.of("\(scratch.path)/a/b/c")
        #expect(made.kind == .directory)
        #expect(made.mode == 0o700)
    }

    @Test func noDirectoryIsMadeThroughALinkThatLeadsOut() throws {
        try scratch.link("out", to: "\(outside.path)/new")
        #expect(throws: SystemError.self) { _ = try scratch.open().makeDirectoriesInRoot("/out/deeper") }
        #expect(try directoryEntries(outside.path) == ["secret"])
    }

    @Test func aFileInTheWayOfADirectoryIsAnError() throws {
        let error = #expect(throws: SystemError.self) {
            _ = try scratch.open().makeDirectoriesInRoot("/etc/secret/below")
        }
        #expect(error?.errno == .notDirectory)
    }
}
