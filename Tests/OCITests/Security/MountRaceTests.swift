import JSON
import Linux
import Testing

@Suite("A mount destination that changes", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct MountRaceTests {
    /// CVE-2021-30465: another container swaps a directory of a shared volume for a link to the root, between the check of
    /// the destination and the mount.
    @Test func cannotBeMovedToTheHostByARacingLink() throws {
        let container = try Container("cat /proc/self/mountinfo; ls /victim")
        let volume = try container.directory.makeSubdirectory("volume/real")
        let shared = parentDirectory(of: volume) ?? volume
        let host = try container.directory.makeSubdirectory("host")
        try makeSymbolicLink(to: String(repeating: "../", count: 24) + host.dropFirst(), at: "\(shared)/link")
        let source = try container.directory.write("source/marker", "marker")
        container.config.bind(shared, on: "/shared", "rw")
        container.config.bind(parentDirectory(of: source) ?? source, on: "/shared/real/below", "rw")
        container.config.mount("tmpfs", on: "/shared/real/other", "nosuid")

        let swapper = try Swapper(directory: shared, first: "real", second: "link")
        defer { swapper.stop() }
        for _ in 0..<40 {
            _ = try container.run()
            #expect(try directoryEntries(host) == [])
            guard Mounts.below(container.directory.path).isEmpty else {
                Issue.record("mounted on the host: \(Mounts.below(container.directory.path))")
                break
            }
        }
    }

    /// The same race for what is masked.
    @Test func cannotMoveAMaskToTheHost() throws {
        let container = try Container("true") {
            $0["linux.maskedPaths"] = ["/shared/real/file", "/shared/real/directory"]
        }
        let real = try container.directory.makeSubdirectory("volume/real")
        let shared = parentDirectory(of: real) ?? real
        let host = try container.directory.makeSubdirectory("host/directory")
        try container.directory.write("host/file", "content")
        try makeSymbolicLink(to: parentDirectory(of: host) ?? host, at: "\(shared)/link")
        container.config.bind(shared, on: "/shared", "rw")
        let swapper = try Swapper(directory: shared, first: "real", second: "link")
        defer { swapper.stop() }
        for _ in 0..<10 { _ = try container.run() }
        #expect(try readText("\(container.directory.path)/host/file") == "content")
        #expect(Mounts.below(container.directory.path) == [])
    }
}
