import Linux
import Testing

@Suite("Manual pages")
struct ManPageTests {
    private static func isThere(_ program: String) -> Bool { (try? FileStatus.of("/usr/bin/\(program)")) != nil }

    /// All pages of both programs, in a directory.
    private func pages() throws -> (directory: TemporaryDirectory, names: [String]) {
        let directory = try TemporaryDirectory()
        let man = "\(directory.path)/man1"
        #expect(try Program.gocker.run("man", man).exitCode == 0)
        #expect(try Program.compose.run("man", man).exitCode == 0)
        let names = try directoryEntries(man).sorted()
        for name in ["gocker.1", "gocker-run.1", "gocker-rootfs-import.1", "gocker-compose.1", "gocker-compose-ps.1"] {
            #expect(names.contains(name))
        }
        return (directory, names.map { "\(man)/\($0)" })
    }

    @Test(.enabled(if: isThere("man"), "there is no man(1)")) func manHasNothingAgainstThem() throws {
        let (directory, names) = try pages()
        defer { withExtendedLifetime(directory) {} }
        for name in names {
            let outcome = try Program(path: "/usr/bin/man").run(
                "--warnings", "-E", "UTF-8", "-l", name, environment: ["MANWIDTH=80", "LC_ALL=C.UTF-8", "MANPAGER=cat"])
            #expect(outcome.exitCode == 0)
            #expect(outcome.errors == "", "\(name)")
            #expect(outcome.output.contains("NAME"))
        }
    }

    @Test(.enabled(if: isThere("mandoc"), "there is no mandoc(1)")) func mandocHasNothingAgainstThem() throws {
        let (directory, names) = try pages()
        defer { withExtendedLifetime(directory) {} }
        // An empty date is right: what is made anew with each version has the version.
        let outcome = try Program(path: "/usr/bin/mandoc").run(["-T", "lint", "-W", "warning"] + names)
        let problems = outcome.output.split(separator: "\n").filter { !$0.contains("missing date") }
        #expect(problems == [])
    }
}
