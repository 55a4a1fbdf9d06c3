import Linux
import RootFilesystem
import Testing

@Suite("A failure is a sentence")
struct RootFilesystemErrorTests {
    @Test(
        "about what was attempted, and on what",
        arguments: [
            (
                RootFilesystemError.Reason.entry(PathBytes("../../etc/passwd"), .leaves),
                #"import layer.tar: entry "../../etc/passwd" would leave the root file system"#
            ),
            (
                .entry(PathBytes("h"), .hardLinkLeaves(PathBytes("../x"))),
                #"import layer.tar: entry "h": its hard link target "../x" is outside the root file system"#
            ),
            (
                .entry(PathBytes("usr/bin/cc"), .system(SystemError("write", "", .noSpace))),
                #"import layer.tar: entry "usr/bin/cc": write: No space left on device"#
            ),
            (
                .entry(PathBytes("\u{1B}[2Jclear\n"), .unknownType),
                #"import layer.tar: entry "\u{1b}[2Jclear\u{a}" is of a type that a file system cannot hold"#
            ),
            (
                .entry(PathBytes([0x63, 0xE9, 0x0A]), .replacesDirectory),
                #"import layer.tar: entry "c\xe9\x0a" would replace a directory that is not empty"#
            ),
            (.truncated, "import layer.tar: ends too early: the archive is cut short"),
            (.damaged("gzip: incorrect data check"), "import layer.tar: is damaged: gzip: incorrect data check"),
            (.directoryNotEmpty("rootfs"), "import layer.tar: rootfs exists and is not empty"),
            (.directoryHasNoParent("/srv/x"), "import layer.tar: there is no directory /srv/x to make it in"),
            (.needsRoot, "import layer.tar: only root can keep the owners and devices of an archive"),
        ])
    func sentences(reason: RootFilesystemError.Reason, sentence: String) throws {
        let error = #expect(throws: RootFilesystemError.self) {
            throw RootFilesystemError(operation: "import layer.tar", reason: reason)
        }
        #expect(error?.description == sentence)
    }
}
