import JSON
import Testing

@Suite("The root", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct RootTests {
    /// config.md, Root: read-only, but for what is mounted on it.
    @Test func isReadOnlyWhereSaid() throws {
        let lines = try Container.lines(
            "touch /made 2>/dev/null || echo refused; touch /dev/made && touch /dev/shm/made && echo others"
        ) { $0["root.readonly"] = true }
        #expect(lines == ["refused", "others"])
    }

    @Test func mayHaveAnAbsolutePath() throws {
        let container = try Container("echo ran")
        container.config["root.path"] = .string(container.rootfs)
        #expect(try container.run().output == "ran\n")
    }

    /// The directories that mounts need are made also where the root is read-only inside.
    @Test func hasTheDirectoriesForMountsAlsoWhereItIsReadOnly() throws {
        let lines = try Container.lines("ls -d /made/here") {
            $0["root.readonly"] = true
            $0.mount("tmpfs", on: "/made/here", "nosuid")
        }
        #expect(lines == ["/made/here"])
    }
}
