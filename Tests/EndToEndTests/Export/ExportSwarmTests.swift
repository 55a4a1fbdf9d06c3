import Linux
import Testing

@Suite("gocker-compose export swarm", .enabled(if: TestFiles.isRoot, "an image has owners"))
struct ExportSwarmTests {
    private static let yaml = """
        services:
          web: {rootfs: rootfs, command: [sleep, "1"], restart: always, secrets: [key]}
          db: {rootfs: rootfs, command: [sleep, "1"], restart: always}
        secrets: {key: {environment: KEY}}
        """

    @Test func writesTheStackItsImagesAndItsSecrets() throws {
        let stack = try StackFixture(Self.yaml)
        let out = "\(stack.directory.path)/out"
        let outcome = try Program.compose.run(
            ["-f", stack.file, "-p", "shop", "export", "swarm", "-o", "\(out)/"], environment: ["KEY=x"])
        #expect(outcome.exitCode == 0 && outcome.output.isEmpty, "\(outcome)")
        #expect(try directoryEntries(out).sorted() == ["images", "secrets", "stack.yaml"])
        let images = try directoryEntries("\(out)/images")
        #expect(images.count == 1)
        // A root file system may hold what is not for everybody.
        #expect(try FileStatus.of("\(out)/images/\(images[0])").mode == 0o600)
        let image = try #require(images.first)
        #expect(image.hasPrefix("shop-db-") && image.hasSuffix(".tar"))
        let tag = image.dropFirst("shop-db-".count).dropLast(".tar".count)
        let text = try readText("\(out)/stack.yaml")
        #expect(text.split(separator: "image: shop-db:\(tag)\n").count == 3, "\(text)")
        #expect(text.contains("file: ./secrets/key"))
        #expect(try readText("\(out)/secrets/key") == "x")
        #expect(try FileStatus.of("\(out)/secrets/key").mode == 0o600)
        let list = try Program(path: "/bin/tar").run("-xOf", "\(out)/images/\(image)", "manifest.json").output
        #expect(list.contains("\"shop-db:\(tag)\""))
        #expect(outcome.errors.contains("docker stack deploy --resolve-image never -c \(out)/stack.yaml shop"))
    }

    @Test func printsAndSaysWhereTheImagesAreNot() throws {
        let stack = try StackFixture("services: {a: {rootfs: rootfs, command: [sleep, \"1\"], restart: always}}")
        let outcome = try stack.compose("export", "swarm", "--registry", "r.example:5000/team")
        #expect(outcome.exitCode == 0, "\(outcome)")
        #expect(outcome.output.contains("image: r.example:5000/team/\(stack.project)-a:"))
        #expect(outcome.errors.contains("say --push, --load, or -o with a directory"))
        let dry = try stack.compose("--dry-run", "export", "swarm", "-o", "\(stack.directory.path)/out/")
        #expect(dry.output.hasPrefix("+ \(stack.project)-a:") && dry.exitCode == 0)
        #expect((try? FileStatus.of("\(stack.directory.path)/out")) == nil)
    }

    @Test func refusesWithItsPlaceAndWritesNothing() throws {
        let stack = try StackFixture(
            "services: {a: {rootfs: rootfs, command: [sleep], privileged: true, restart: always}}")
        let out = "\(stack.directory.path)/out"
        let outcome = try stack.compose("export", "swarm", "-o", "\(out)/")
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("stack.yaml:1:50: Swarm has no word for \"privileged\""), "\(outcome)")
        #expect((try? FileStatus.of(out)) == nil)
        #expect(try stack.compose("export", "swarm", "-o", "\(out)/", "--ignore", "privileged").exitCode == 0)
        let unknown = try stack.compose("export", "swarm", "--ignore", "privileges")
        #expect(unknown.exitCode == 1 && unknown.errors.contains("did you mean \"privileged\"?"), "\(unknown)")
        let nowhere = try stack.compose("export", "swarm", "--push")
        #expect(nowhere.exitCode == 1 && nowhere.errors.contains("--push needs --registry"), "\(nowhere)")
    }

    @Test func saysWhereTheRootFileSystemIsMissing() throws {
        let stack = try StackFixture("services:\n  a: {rootfs: nowhere, command: [sleep], restart: always}\n")
        let outcome = try stack.compose("export", "swarm")
        #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("stack.yaml:2:15: cannot make an image: read "), "\(outcome)")
    }
}
