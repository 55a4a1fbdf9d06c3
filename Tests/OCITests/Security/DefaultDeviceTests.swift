import JSON
import Linux
import Testing

@Suite("Default devices", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct DefaultDeviceTests {
    /// config-linux.md, Default Devices: number, mode and owner of each.
    @Test(
        arguments: [
            ("null", "1:3"), ("zero", "1:5"), ("full", "1:7"), ("random", "1:8"), ("urandom", "1:9"), ("tty", "5:0"),
        ]) func isThereForEverybody(name: String, number: String) throws
    {
        let lines = try Container.lines("stat -c '%F %t:%T %a %u %g' /dev/\(name)")
        #expect(lines == ["character special file \(number) 666 0 0"])
    }

    @Test func worksAsItShould() throws {
        let lines = try Container.lines(
            """
            echo lost > /dev/null && head -c 4 /dev/zero | od -An -tx1 2>/dev/null || head -c 4 /dev/zero | hexdump -v -e '/1 "%02x "'
            (echo full > /dev/full) 2>/dev/null || echo refused
            head -c 4 /dev/urandom | wc -c
            """)
        #expect(lines.suffix(2) == ["refused", "4"])
    }

    /// runtime-linux.md, Dev symbolic links: where each leads.
    @Test(arguments: [("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")])
    func hasTheLinksToTheDescriptors(name: String, suffix: String) throws {
        #expect(try Container.lines("readlink /dev/\(name)") == ["/proc/self/fd\(suffix)"])
    }

    @Test func hasAMultiplexerOfItsOwn() throws {
        let lines = try Container.lines("readlink /dev/ptmx || grep -c ' /dev/ptmx ' /proc/self/mountinfo; ls /dev/pts")
        #expect(["pts/ptmx", "/dev/pts/ptmx", "1"].contains(lines.first ?? ""), "\(lines)")
        #expect(lines.dropFirst() == ["ptmx"])
    }

    /// Nothing else is in `/dev`.
    @Test func isOneOfAFew() throws {
        let expected: Set = [
            "core", "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty",
            "urandom", "zero",
        ]
        #expect(Set(try Container.lines("ls /dev")).isSubset(of: expected))
    }

    /// A device that is not allowed cannot be used, although its node can be made.
    @Test func noOtherCanBeUsed() throws {
        let lines = try Container.lines(
            """
            mknod /tmp/kmsg c 1 11 && (head -c 1 /tmp/kmsg) >/dev/null 2>&1 && echo "kmsg can be read"
            mknod /tmp/mem c 1 1 && (head -c 1 /tmp/mem) >/dev/null 2>&1 && echo "mem can be read"
            mknod /tmp/fuse c 10 229 && (: < /tmp/fuse) 2>/dev/null && echo "fuse can be opened"
            mknod /tmp/null c 1 3 && (echo x > /tmp/null) 2>/dev/null && echo "null works"
            """
        ) {
            $0["linux.resources.devices"] = [
                ["allow": false, "access": "rwm"],
                ["allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwm"],
            ]
        }
        #expect(lines == ["null works"])
    }

    @Test func stillWorkWhereAllOthersAreDenied() throws {
        let lines = try Container.lines(
            "head -c 1 /dev/zero | wc -c; head -c 1 /dev/urandom | wc -c; echo x > /dev/null && echo null"
        ) { $0["linux.resources.devices"] = [["allow": false, "access": "rwm"]] }
        #expect(lines == ["1", "1", "null"])
    }

    @Test func stillWorkForExecWhereAllOthersAreDenied() throws {
        let container = try Container.running {
            $0["linux.resources.devices"] = [["allow": false, "access": "rwm"]]
        }
        let outcome = try container.exec(
            script:
                "mknod /tmp/kmsg c 1 11; (head -c 1 /tmp/kmsg) 2>/dev/null && echo read; head -c 1 /dev/zero | wc -c")
        #expect(outcome.output == "1\n", "\(outcome.report)")
    }
}
