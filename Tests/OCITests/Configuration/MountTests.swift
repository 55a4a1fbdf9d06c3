import JSON
import Linux
import Testing

@Suite("Mounts", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct MountTests {
    /// The fields of a line of mountinfo that tests ask for.
    private struct Entry {
        let options: Set<String>
        let propagation: [String]
        let type: String
        let superOptions: [String]

        init?(_ line: String?) {
            guard let line else { return nil }
            let halves = line.split(separator: " ").split(separator: "-", maxSplits: 1)
            guard halves.count == 2 else { return nil }
            let first = Array(halves[0])
            let second = Array(halves[1])
            options = Set(first[5].split(separator: ",").map(String.init))
            propagation = first.dropFirst(6).map(String.init)
            type = String(second[0])
            superOptions = second[2].split(separator: ",").map(String.init)
        }
    }

    /// Runs a container with one more mount, on `/data`, and tells what the kernel says of it.
    private static func entry(
        _ type: String?, from source: String? = nil, _ options: [String]
    ) throws -> Entry {
        let lines = try Container.lines("grep ' /data ' /proc/self/mountinfo") {
            $0.mount(type, on: "/data", from: source, options)
        }
        return try #require(Entry(lines.last))
    }

    /// config.md, Linux mount options: each as mount(8) has it.
    @Test(
        arguments: [
            (["ro"], ["ro"], []), (["rw"], ["rw"], ["ro"]), (["nosuid"], ["nosuid"], []),
            (["nosuid", "suid"], [], ["nosuid"]), (["nodev"], ["nodev"], []), (["nodev", "dev"], [], ["nodev"]),
            (["noexec"], ["noexec"], []), (["noexec", "exec"], [], ["noexec"]), (["noatime"], ["noatime"], []),
            (["nodiratime"], ["nodiratime"], []), (["relatime"], ["relatime"], []),
            (["strictatime"], [], ["relatime", "noatime"]), (["defaults"], ["rw"], ["nosuid", "nodev", "noexec"]),
            (["ro", "rw"], ["rw"], ["ro"]), (["rw", "ro"], ["ro"], ["rw"]),
            (["nosymfollow"], ["nosymfollow"], []), (["nosymfollow", "symfollow"], [], ["nosymfollow"]),
            (["async", "atime", "diratime", "loud", "nostrictatime", "norelatime"], ["rw"], ["noatime"]),
        ] as [([String], [String], [String])])
    func haveTheirOptions(options: [String], present: [String], absent: [String]) throws {
        let entry = try Self.entry("tmpfs", options)
        #expect(entry.options.isSuperset(of: present), "\(entry)")
        #expect(entry.options.isDisjoint(with: absent), "\(entry)")
    }

    @Test(arguments: [
        "sync", "dirsync", "lazytime", "iversion", "noiversion", "nolazytime", "silent", "mand", "nomand",
    ])
    func haveTheOptionsOfTheirFileSystem(option: String) throws {
        let entry = try Self.entry("tmpfs", [option])
        if ["sync", "dirsync", "lazytime"].contains(option) {
            #expect(entry.superOptions.contains(option), "\(entry)")
        }
    }

    /// config.md, Mounts: options that are not known go to the file system.
    @Test func passOtherOptionsToTheFileSystem() throws {
        let container = try Container("grep ' /data ' /proc/self/mountinfo; stat -c '%a %u %g' /data") {
            $0.mount("tmpfs", on: "/data", "size=64k", "mode=1750", "uid=7", "gid=8", "nr_inodes=100")
        }
        let outcome = try container.run()
        let entry = try #require(Entry(outcome.lines.first))
        #expect(Set(entry.superOptions).isSuperset(of: ["size=64k", "nr_inodes=100"]))
        #expect(outcome.lines.last == "1750 7 8")
    }

    @Test func areAnErrorWithAnOptionTheFileSystemRefuses() throws {
        let container = try Container { $0.mount("tmpfs", on: "/data", "no-such-option=1") }
        let outcome = try container.create()
        #expect(!outcome.succeeded)
        #expect(outcome.errors.contains("/data"), "\(outcome.report)")
    }

    @Test func areAnErrorWithAFileSystemThatIsNone() throws {
        let container = try Container { $0.mount("nosuchfs", on: "/data", "ro") }
        #expect(!(try container.create().succeeded))
    }

    /// config.md, Mounts: in the listed order.
    @Test func areMadeInTheListedOrder() throws {
        let lines = try Container.lines("ls /data; touch /data/below/file && echo written") {
            $0.mount("tmpfs", on: "/data", "mode=755")
            $0.mount("tmpfs", on: "/data/below", "mode=755")
            $0.mount("tmpfs", on: "/data/other", "mode=755")
        }
        #expect(lines == ["below", "other", "written"])
    }

    @Test func hideThoseBefore() throws {
        let lines = try Container.lines("ls /data") {
            $0.mount("tmpfs", on: "/data/below", "mode=755")
            $0.mount("tmpfs", on: "/data", "mode=755")
        }
        #expect(lines == [])
    }

    /// config.md, Mounts: a relative destination is relative to `/`.
    @Test func mayHaveARelativeDestination() throws {
        let lines = try Container.lines("grep -c ' /data/relative ' /proc/self/mountinfo") {
            $0.mount("tmpfs", on: "data/relative", "nosuid")
        }
        #expect(lines == ["1"])
    }

    @Test func areAnErrorWithoutADestination() throws {
        let container = try Container {
            $0.append(["type": "tmpfs", "source": "tmpfs"], to: "mounts")
        }
        #expect(!(try container.create().succeeded))
    }

    /// A tmpfs has the mode of the directory it hides, where none is configured.
    @Test func haveTheModeOfTheDirectory() throws {
        let container = try Container("stat -c %a /data") { $0.mount("tmpfs", on: "/data", "nosuid") }
        try makeDirectory("\(container.rootfs)/data", mode: 0o700)
        #expect(try container.run().output == "700\n")
    }

    /// The option of engines that fills a new file system with what was there.
    @Test func canBeFilled() throws {
        let container = try Container("cat /data/file; stat -c %a /data/file; ls /data/below; touch /data/made") {
            $0.mount("tmpfs", on: "/data", "tmpcopyup", "mode=755")
        }
        try container.directory.write("bundle/rootfs/data/file", "content\n", mode: 0o640)
        try container.directory.write("bundle/rootfs/data/below/deep")
        let outcome = try container.run()
        #expect(outcome.output == "content\n640\ndeep\n", "\(outcome.report)")
        #expect(!exists("\(container.rootfs)/data/made"))
    }

    // MARK: Binds

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

    // MARK: Mounts below mounts

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

    // MARK: Propagation

    /// config.md, Mounts: how mount events pass.
    @Test(
        arguments: [
            ("rshared", "shared:"), ("shared", "shared:"), ("rslave", "master:"), ("slave", "master:"),
            ("runbindable", "unbindable"), ("unbindable", "unbindable"),
        ])
    func passEventsOn(option: String, mark: String) throws {
        let container = try Container("grep ' /data ' /proc/self/mountinfo") {
            $0["linux.rootfsPropagation"] = option.contains("slave") || option.contains("shared") ? "rshared" : nil
        }
        let source = try container.directory.makeSubdirectory("source")
        container.config.mount("bind", on: "/data", from: source, ["rbind", option])
        let outcome = try container.onHost(
            """
            exec unshare --mount --propagation private sh -c 'mount --bind "$DIRECTORY/source" "$DIRECTORY/source" &&
                mount --make-shared "$DIRECTORY/source" && exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
        let entry = try #require(Entry(outcome.lines.last), "\(outcome.report)")
        #expect(entry.propagation.contains { $0.hasPrefix(mark) }, "\(outcome.report)")
    }

    /// And by default they do not.
    @Test func passNothingOnByDefault() throws {
        let container = try Container("grep -E 'shared:|master:' /proc/self/mountinfo; true")
        let source = try container.directory.makeSubdirectory("source")
        container.config.mount("bind", on: "/data", from: source, ["rbind", "rprivate"])
        let outcome = try container.onHost(
            """
            exec unshare --mount --propagation private sh -c 'mount --bind "$DIRECTORY/source" "$DIRECTORY/source" &&
                mount --make-shared "$DIRECTORY/source" && exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
        #expect(outcome.succeeded && !outcome.output.contains("/data "), "\(outcome.report)")
    }

    /// config-linux.md, Rootfs Mount Propagation: how events pass from and to the root.
    @Test(arguments: [("private", ""), ("shared", "shared:"), ("unbindable", "unbindable")])
    func ofTheRootPassEventsOn(propagation: String, mark: String) throws {
        let container = try Container("awk '$5 == \"/\"' /proc/self/mountinfo") {
            $0["linux.rootfsPropagation"] = .string(propagation)
        }
        let outcome = try container.onHost(
            """
            exec unshare --mount --propagation private sh -c 'mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs" &&
                mount --make-shared "$BUNDLE/rootfs" && exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
        let entry = try #require(Entry(outcome.lines.first), "\(outcome.report)")
        #expect(mark == "" || entry.propagation.contains { $0.hasPrefix(mark) }, "\(outcome.report)")
        if mark == "" { #expect(entry.propagation == [], "\(outcome.report)") }
    }

    @Test func ofTheRootAreAnErrorWithAnotherPropagation() throws {
        let container = try Container { $0["linux.rootfsPropagation"] = "nothing" }
        #expect(!(try container.create().succeeded))
    }

    // MARK: The root

    /// config.md, Root: read-only, but for what is mounted on it.
    @Test func ofTheRootIsReadOnlyWhereSaid() throws {
        let lines = try Container.lines(
            "touch /made 2>/dev/null || echo refused; touch /dev/made && touch /dev/shm/made && echo others"
        ) { $0["root.readonly"] = true }
        #expect(lines == ["refused", "others"])
    }

    @Test func ofTheRootMayHaveAnAbsolutePath() throws {
        let container = try Container("echo ran")
        container.config["root.path"] = .string(container.rootfs)
        #expect(try container.run().output == "ran\n")
    }

    /// The directories that mounts need are made also where the root is read-only inside.
    @Test func areMadeInAReadOnlyRoot() throws {
        let lines = try Container.lines("ls -d /made/here") {
            $0["root.readonly"] = true
            $0.mount("tmpfs", on: "/made/here", "nosuid")
        }
        #expect(lines == ["/made/here"])
    }

    // MARK: Mapped mounts

    private static let kernelMapsOwners = KernelVersion.running.map { $0 >= KernelVersion(major: 5, minor: 12) } ?? true

    /// config.md, `uidMappings` of a mount: owners as the mapping says.
    @Test(.enabled(if: Self.kernelMapsOwners, "the owners on a mount can be mapped since Linux 5.12"))
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
