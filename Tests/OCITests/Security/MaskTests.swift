import JSON
import Linux
import Testing

@Suite("Masked paths", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct MaskTests {
    /// What each path of the standard list shows: nothing, whether it is a file or a directory.
    private static let look = """
        for path in \(Configuration.maskedPaths.joined(separator: " ")); do
            [ -e $path ] || continue
            if [ -d $path ]; then
                [ -z "$(ls -A $path)" ] || echo "$path has entries"
                touch $path/made 2>/dev/null && echo "$path can be written"
            else
                [ -c $path ] || echo "$path is no device"
                [ -z "$(head -c 1 $path 2>/dev/null)" ] || echo "$path can be read"
            fi
        done
        true
        """

    /// config-linux.md, Masked Paths: nothing can be read or made there.
    @Test func showNothing() throws {
        #expect(try Container.lines(Self.look) == [])
    }

    @Test func showNothingToExecEither() throws {
        let container = try Container.running()
        let outcome = try container.exec(script: Self.look)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
    }

    @Test func thatDoNotExistAreNoError() throws {
        let lines = try Container.lines("ls /no 2>/dev/null; echo ran") {
            $0.append("/no/such/path", to: "linux.maskedPaths")
            $0.append("/no/such/path", to: "linux.readonlyPaths")
        }
        #expect(lines == ["ran"])
    }

    @Test func mayBeFilesAndDirectoriesOfTheImage() throws {
        let container = try Container("cat /secret; ls -A /secrets; touch /secrets/made || echo refused") {
            $0["linux.maskedPaths"] = ["/secret", "/secrets"]
        }
        try container.directory.write("bundle/rootfs/secret", "secret\n")
        try container.directory.write("bundle/rootfs/secrets/file", "secret\n")
        let outcome = try container.run()
        #expect(outcome.output == "refused\n", "\(outcome.report)")
        #expect(try readText("\(container.rootfs)/secret") == "secret\n")
    }

    /// CVE-2025-31133, CVE-2025-62161: `/dev/null` is what files are masked with; where the image provides it, a link makes
    /// the masked path a door to whatever the link leads to.
    @Test(arguments: ["link", "file", "device"]) func areNotMadeOfWhatTheImageCallsNull(kind: String) throws {
        let devices = try TemporaryDirectory()
        let container = try Container(
            """
            echo ran; stat -L -c %F /proc/keys; stat -L -c %t:%T /proc/keys; head -c 6 /proc/keys
            (echo evil > /proc/keys) 2>/dev/null
            """
        ) {
            for place in ["/dev", "/dev/pts", "/dev/mqueue", "/dev/shm"] {
                $0.remove(from: "mounts", where: "destination", is: place)
            }
            $0.bind(devices.path, on: "/dev", "rw")
            $0["linux.maskedPaths"] = ["/proc/keys"]
        }
        let victim = try container.directory.write("bundle/rootfs/victim", "victim")
        switch kind {
        case "link": try makeSymbolicLink(to: "/victim", at: "\(devices.path)/null")
        case "file": try devices.write("null", "evil")
        default:
            // The device of /dev/zero.
            try FileDescriptor.open(devices.path, [.path, .directory]).makeCharacterDevice(
                "null", DeviceNumber(major: 1, minor: 5), mode: 0o666)
        }
        let outcome = try container.run()
        if outcome.output.hasPrefix("ran") {
            #expect(outcome.output == "ran\ncharacter special file\n1:3\n", "\(outcome.report)")
        }
        #expect(try readText(victim) == "victim")
    }

    /// config-linux.md, Readonly Paths: nothing can be written there.
    @Test func readonlyPathsCannotBeWritten() throws {
        let lines = try Container.lines(
            """
            for path in \(Configuration.readonlyPaths.joined(separator: " ")); do
                [ -e $path ] || continue
                grep -q " $path ro[ ,]" /proc/self/mountinfo || echo "$path is writable"
            done
            (echo 1 > /proc/sys/net/ipv4/ip_forward) 2>/dev/null && echo "written"
            (echo h > /proc/sysrq-trigger) 2>/dev/null && echo "triggered"
            true
            """)
        #expect(lines == [])
    }

    @Test func readonlyPathsKeepTheirFlags() throws {
        let lines = try Container.lines("grep ' /proc/sys ' /proc/self/mountinfo | cut -d ' ' -f 6")
        let flags = Set(try #require(lines.last).split(separator: ",").map(String.init))
        #expect(flags.isSuperset(of: ["ro", "nosuid", "nodev", "noexec"]))
    }

    @Test func readonlyPathsMayBeOfTheImage() throws {
        let container = try Container("touch /fixed/made 2>/dev/null || echo refused; touch /made && echo made") {
            $0["linux.readonlyPaths"] = ["/fixed"]
        }
        try makeDirectory("\(container.rootfs)/fixed")
        #expect(try container.run().output == "refused\nmade\n")
    }
}
