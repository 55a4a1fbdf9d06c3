import JSON
import Linux
import Testing

@Suite("Bind mounts", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct BindMountTests {
    /// config.md, Mounts: a file or a directory of the host.
    @Test func bringADirectoryIn() throws {
        let container = try Container("cat /data/file; touch /data/made")
        let file = try container.directory.write("source/file", "content\n")
        let source = parentDirectory(of: file) ?? file
        container.config.bind(source, on: "/data", "rw")
        #expect(try container.run().output == "content\n")
        #expect(exists("\(source)/made"))
    }

    @Test func bringAFileIn() throws {
        let container = try Container("cat /etc/made/for/file; echo new > /etc/made/for/file")
        let file = try container.directory.write("file", "content\n")
        container.config.bind(file, on: "/etc/made/for/file", "rw")
        #expect(try container.run().output == "content\n")
        #expect(try readText(file) == "new\n")
    }

    /// config.md, `source`: relative to the bundle.
    @Test func mayComeFromTheBundle() throws {
        let container = try Container("cat /data/file") { $0.bind("source", on: "/data", "ro") }
        try container.directory.write("bundle/source/file", "content\n")
        let outcome = try container.run()
        #expect(outcome.output == "content\n", "\(outcome.report)")
    }

    @Test func areReadOnlyWhereSaid() throws {
        let container = try Container("cat /data/file; touch /data/made 2>/dev/null || echo refused")
        let file = try container.directory.write("source/file", "content\n")
        container.config.bind(parentDirectory(of: file) ?? file, on: "/data", "ro", "nosuid", "noexec", "nodev")
        #expect(try container.run().output == "content\nrefused\n")
        // The host's own view of it is as it was.
        try container.directory.write("source/other")
    }

    /// config.md, Mounts: it is a bind by its options; the type is a dummy.
    @Test(arguments: ["none", "bind", "ext4", nil]) func areBindsByTheirOptions(type: String?) throws {
        let container = try Container("cat /data/file")
        let file = try container.directory.write("source/file", "content\n")
        container.config.mount(type, on: "/data", from: parentDirectory(of: file) ?? file, ["rbind", "ro"])
        let outcome = try container.run()
        #expect(outcome.output == "content\n", "\(outcome.report)")
    }

    @Test func areAnErrorWithoutTheirSource() throws {
        let container = try Container { $0.bind("/no/such/source", on: "/data", "ro") }
        let outcome = try container.create()
        #expect(!outcome.succeeded)
        #expect(outcome.errors.contains("/no/such/source"), "\(outcome.report)")
        #expect(outcome.errors.lowercased().contains("no such file or directory"), "\(outcome.report)")
    }

    /// A directory on a file, or a file on a directory: engines know it by this text.
    @Test(arguments: [true, false]) func cannotPutADirectoryOnAFile(isDirectory: Bool) throws {
        let container = try Container()
        let directory = try container.directory.makeSubdirectory("directory")
        let file = try container.directory.write("file")
        try container.directory.write("bundle/rootfs/file")
        container.config.bind(isDirectory ? directory : file, on: isDirectory ? "/file" : "/etc", "ro")
        let outcome = try container.create()
        #expect(!outcome.succeeded)
        #expect(outcome.errors.lowercased().contains("not a directory"), "\(outcome.report)")
    }

    /// Runs a container with a bind of a directory that has a tmpfs below it, in a mount namespace of its own.
    private static func runNested(_ options: [String], script: String) throws -> Program.Outcome {
        let container = try Container(script)
        let source = try container.directory.makeSubdirectory("source")
        try container.directory.makeSubdirectory("source/below")
        container.config.mount("bind", on: "/data", from: source, options)
        return try container.onHost(
            """
            exec unshare --mount --propagation private sh -c 'mount -t tmpfs none "$DIRECTORY/source/below" &&
                touch "$DIRECTORY/source/below/file" && exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
    }

    @Test func comeAloneWithBind() throws {
        #expect(try Self.runNested(["bind"], script: "ls /data/below").output == "")
    }

    @Test func comeWithThoseBelowWithRbind() throws {
        #expect(try Self.runNested(["rbind"], script: "ls /data/below").output == "file\n")
    }

    /// config.md, Linux mount options: `ro` is not recursive, `rro` is.
    @Test func areReadOnlyThemselvesOrWithAllBelow() throws {
        let script = """
            touch /data/made 2>/dev/null && echo top
            touch /data/below/made 2>/dev/null && echo below; true
            """
        #expect(try Self.runNested(["rbind", "rw"], script: script).lines == ["top", "below"])
        #expect(try Self.runNested(["rbind", "ro"], script: script).lines == ["below"])
        let outcome = try Self.runNested(["rbind", "rro"], script: script)
        #expect(outcome.succeeded && outcome.output == "", "\(outcome.report)")
    }

    @Test(arguments: [("rnosuid", "nosuid"), ("rnodev", "nodev"), ("rnoexec", "noexec"), ("rnoatime", "noatime")])
    func haveOptionsWithAllBelow(option: String, flag: String) throws {
        let outcome = try Self.runNested(
            ["rbind", option], script: "grep -E ' /data(/below)? ' /proc/self/mountinfo | cut -d ' ' -f 6")
        #expect(outcome.lines.count == 2, "\(outcome.report)")
        #expect(outcome.lines.allSatisfy { $0.contains(flag) }, "\(outcome.report)")
    }

    private static let kernelMapsOwners = KernelVersion.running.map { $0 >= KernelVersion(major: 6, minor: 3) } ?? true

    /// config.md, `uidMappings` of a mount: owners as the mapping says.
    @Test(.enabled(if: Self.kernelMapsOwners, "the owners on a tmpfs can be mapped since Linux 6.3"))
    func canMapOwners() throws {
        let container = try Container("stat -c '%u %g' /data/file; touch /data/made")
        let file = try container.directory.write("source/file")
        let source = parentDirectory(of: file) ?? file
        try FileDescriptor.open(file).setOwner(1000, group: 1000)
        let map: JSONValue = [["containerID": 1000, "hostID": 3000, "size": 10]]
        container.config.append(
            [
                "destination": "/data", "type": "bind", "source": .string(source), "options": ["bind", "idmap"],
                "uidMappings": map, "gidMappings": map,
            ], to: "mounts")
        let outcome = try container.run()
        #expect(outcome.output == "3000 3000\n", "\(outcome.report)")
    }

    /// config.md, `idmap`: without a mapping of the mount or of the container an error.
    @Test func cannotMapOwnersByNothing() throws {
        let container = try Container()
        let source = try container.directory.makeSubdirectory("source")
        container.config.mount("bind", on: "/data", from: source, ["bind", "idmap"])
        #expect(!(try container.create().succeeded))
    }

    /// config.md, `uidMappings`: never one without the other.
    @Test func cannotMapUsersOnly() throws {
        let container = try Container()
        let source = try container.directory.makeSubdirectory("source")
        container.config.append(
            [
                "destination": "/data", "type": "bind", "source": .string(source), "options": ["bind", "idmap"],
                "uidMappings": [["containerID": 0, "hostID": 3000, "size": 10]],
            ], to: "mounts")
        #expect(!(try container.create().succeeded))
    }
}
