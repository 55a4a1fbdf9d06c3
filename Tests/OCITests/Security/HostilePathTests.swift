import JSON
import Linux
import Testing

/// Links in the root file system that lead to the host, where the runtime is about to mount or to make something.
@Suite("A hostile root file system", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct HostilePathTests {
    private let container: Container
    /// A directory of the host that must stay as it is.
    private let host: String

    init() throws {
        container = try Container("echo ran; cat /proc/self/mountinfo")
        host = try container.directory.makeSubdirectory("host")
    }

    private func replace(_ path: String, byLinkTo target: String) throws {
        try removeTree(container.rootfs + path)
        try makeDirectories(parentDirectory(of: container.rootfs + path) ?? container.rootfs)
        try makeSymbolicLink(to: target, at: container.rootfs + path)
    }

    private func entriesOfHost() throws -> [String] { try directoryEntries(host) }

    /// A way out of the root, relative: there is no higher directory than `/`.
    private var wayUp: String { String(repeating: "../", count: 24) + host.dropFirst() }

    /// CVE-2019-16884, CVE-2019-19921, CVE-2023-27561, CVE-2023-28642, CVE-2019-18837, CVE-2025-54867: masks and labels
    /// would go to a directory that the image controls.
    @Test(arguments: ["/proc", "/sys"], ["tmp", "/tmp", "host", "../../../../../../../../tmp"])
    func cannotHaveALinkInThePlaceOfAKernelFileSystem(place: String, target: String) throws {
        try replace(place, byLinkTo: target == "host" ? host : target)
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(!outcome.output.contains("ran"))
        #expect(try entriesOfHost() == [])
    }

    /// The tests of engines know it by these words.
    @Test(arguments: ["/proc", "/sys"]) func isRefusedInTheseWords(place: String) throws {
        try replace(place, byLinkTo: "tmp")
        #expect(try container.run().errors.contains("must be mounted on ordinary directory"))
    }

    @Test(arguments: ["/proc", "/sys"]) func cannotHaveAFileInThePlaceOfAKernelFileSystem(place: String) throws {
        try removeTree(container.rootfs + place)
        try container.directory.write("bundle/rootfs\(place)", "file")
        let outcome = try container.run()
        #expect(!outcome.succeeded)
        #expect(!outcome.output.contains("ran"))
    }

    /// CVE-2021-30465, CVE-2024-45310: what a link at the destination leads to is inside the container, and the host gets
    /// neither a mount nor an empty file or directory.
    @Test(arguments: ["tmpfs", "directory", "file"], [true, false])
    func cannotLeadAMountToTheHost(kind: String, isAbsolute: Bool) throws {
        try replace("/data", byLinkTo: isAbsolute ? host : wayUp)
        let source = try container.directory.write("source/file", "content")
        switch kind {
        case "tmpfs": container.config.mount("tmpfs", on: "/data/below", "nosuid")
        case "directory":
            container.config.bind("\(container.directory.path)/source", on: "/data/below", "ro")
        default: container.config.bind(source, on: "/data/below/deeper", "ro")
        }
        let outcome = try container.run()
        #expect(try entriesOfHost() == [], "\(outcome.report)")
        #expect(Mounts.below(host) == [])
        // The link may be refused, or be followed inside the root.
        if outcome.succeeded { #expect(outcome.output.contains(" \(host)/below")) }
    }

    /// The same where the link is the destination itself.
    @Test(arguments: ["tmpfs", "directory", "file"]) func cannotBeAMountOnTheHostItself(kind: String) throws {
        let isFile = kind == "file"
        let target = isFile ? "\(host)/made" : host
        try replace("/data", byLinkTo: target)
        let source = try container.directory.write("source/file", "content")
        switch kind {
        case "tmpfs": container.config.mount("tmpfs", on: "/data", "nosuid")
        case "directory": container.config.bind("\(container.directory.path)/source", on: "/data", "ro")
        default: container.config.bind(source, on: "/data", "ro")
        }
        _ = try container.run()
        #expect(try entriesOfHost() == [])
        #expect(Mounts.below(container.directory.path) == [])
    }

    /// A destination with `..` stays inside.
    @Test func keepsADestinationWithDotsInside() throws {
        container.config.mount("tmpfs", on: "/tmp/../../../../../..\(host)/made", "nosuid")
        let outcome = try container.run()
        #expect(try entriesOfHost() == [])
        if outcome.succeeded { #expect(outcome.output.contains(" \(host)/made ")) }
    }

    /// CVE-2026-41579, CVE-2026-47766: device nodes and links would be made on the host.
    @Test(arguments: [true, false], [true, false])
    func cannotHaveADevThatIsALink(isAbsolute: Bool, isMounted: Bool) throws {
        try replace("/dev", byLinkTo: isAbsolute ? host : wayUp)
        if !isMounted {
            for place in ["/dev", "/dev/pts", "/dev/mqueue", "/dev/shm"] {
                container.config.remove(from: "mounts", where: "destination", is: place)
            }
        }
        _ = try container.run()
        #expect(try entriesOfHost() == [])
    }

    /// The same for a device below a directory that is a link.
    @Test func cannotHaveADeviceMadeOnTheHost() throws {
        try replace("/nodes", byLinkTo: host)
        container.config["linux.devices"] = [["type": "c", "path": "/nodes/null", "major": 1, "minor": 3]]
        _ = try container.run()
        #expect(try entriesOfHost() == [])
    }

    /// Without a mount on `/dev`, a link at `/dev/console` would make a file of the host.
    @Test func cannotHaveTheConsoleMadeOnTheHost() throws {
        for place in ["/dev", "/dev/mqueue", "/dev/shm"] {
            container.config.remove(from: "mounts", where: "destination", is: place)
        }
        try makeDirectories("\(container.rootfs)/dev/pts")
        try replace("/dev/console", byLinkTo: "\(host)/console")
        let terminal = try ConsoleListener(in: container.directory)
        container.config["process.terminal"] = true
        _ = try container.create("--console-socket", terminal.path)
        #expect(try entriesOfHost() == [])
    }

    /// CVE-2025-52565: the terminal would be mounted over what the link leads to, before masks are in place.
    @Test(arguments: ["/dev/console", "/dev/pts/0"]) func cannotRedirectTheConsole(link: String) throws {
        let devices = try container.directory.makeSubdirectory("devices")
        try makeDirectories("\(devices)/pts")
        let target = try container.directory.write("bundle/rootfs/victim", "victim")
        try makeSymbolicLink(to: "/victim", at: "\(devices)/\(link.dropFirst(5))")
        for place in ["/dev", "/dev/mqueue", "/dev/shm"] + (link == "/dev/console" ? [] : ["/dev/pts"]) {
            container.config.remove(from: "mounts", where: "destination", is: place)
        }
        container.config.bind(devices, on: "/dev", "rw")
        // What is mounted on /dev/pts comes after what is mounted on /dev.
        let points = container.config.items(of: "mounts").filter { $0["destination"]?.text == "/dev/pts" }
        container.config.remove(from: "mounts", where: "destination", is: "/dev/pts")
        for mount in points { container.config.append(mount, to: "mounts") }
        container.config["process.terminal"] = true
        container.config.script = "stat -c %F /victim > /result; sleep 1000"
        let terminal = try ConsoleListener(in: container.directory)
        let outcome = try container.create("--console-socket", terminal.path)
        if outcome.succeeded, try container.start().succeeded {
            #expect(try eventually { (try? readText("\(container.rootfs)/result")) == "regular file\n" })
            let mountinfo = try readText("/proc/\(try container.processID())/mountinfo")
            #expect(!mountinfo.contains(" /victim "))
        }
        #expect(try readText(target) == "victim")
    }

    /// The working directory that does not exist yet is made inside.
    @Test func cannotHaveTheWorkingDirectoryMadeOnTheHost() throws {
        try replace("/place", byLinkTo: host)
        container.config["process.cwd"] = "/place/made"
        _ = try container.run()
        #expect(try entriesOfHost() == [])
    }

    /// Masks and read-only paths that lead out: nothing of the host is touched.
    @Test func cannotHaveTheHostMasked() throws {
        try container.directory.write("host/file", "content")
        try replace("/data", byLinkTo: host)
        container.config.append("/data/file", to: "linux.maskedPaths")
        container.config.append("/data", to: "linux.readonlyPaths")
        _ = try container.run()
        #expect(try readText("\(host)/file") == "content")
        #expect(Mounts.below(container.directory.path) == [])
        try container.directory.write("host/file", "still writable")
    }
}
