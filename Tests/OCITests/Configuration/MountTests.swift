import JSON
import Linux
import Testing

@Suite("Mounts", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct MountTests {
    /// Runs a container with one more mount, on `/data`, and tells what the kernel says of it.
    private static func entry(
        _ type: String?, from source: String? = nil, _ options: [String]
    ) throws -> MountEntry {
        let lines = try Container.lines("grep ' /data ' /proc/self/mountinfo") {
            $0.mount(type, on: "/data", from: source, options)
        }
        return try #require(MountEntry(lines.last))
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
        let entry = try #require(MountEntry(outcome.lines.first))
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

    /// Links of the image are followed, inside: many have /var/run as one.
    @Test(arguments: ["/run", "../run"]) func followLinksInsideTheRoot(target: String) throws {
        let container = try Container("cut -d ' ' -f 5 /proc/self/mountinfo; ls /run/below") {
            $0.mount("tmpfs", on: "/var/run/below", "nosuid")
        }
        try makeDirectory("\(container.rootfs)/run")
        try makeSymbolicLink(to: target, at: "\(container.rootfs)/var/run")
        let outcome = try container.run()
        #expect(outcome.lines.contains("/run/below"), "\(outcome.report)")
    }
}
