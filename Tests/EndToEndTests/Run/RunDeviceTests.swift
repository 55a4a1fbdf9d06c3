import Linux
import Testing

@Suite("The devices of gocker run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunDeviceTests {
    @Test func areExactlyThese() throws {
        let outcome = try Program.gocker.inside(
            script: "cd /dev; for f in *; do stat -c '%N %F %a %t:%T' $f; done")
        #expect(
            outcome.lines == [
                "'core' -> '/proc/kcore' symbolic link 777 0:0", "'fd' -> '/proc/self/fd' symbolic link 777 0:0",
                "full character special file 666 1:7", "mqueue directory 1777 0:0",
                "null character special file 666 1:3",
                "'ptmx' -> 'pts/ptmx' symbolic link 777 0:0", "pts directory 755 0:0",
                "random character special file 666 1:8", "shm directory 1777 0:0",
                "'stderr' -> '/proc/self/fd/2' symbolic link 777 0:0",
                "'stdin' -> '/proc/self/fd/0' symbolic link 777 0:0",
                "'stdout' -> '/proc/self/fd/1' symbolic link 777 0:0", "tty character special file 666 5:0",
                "urandom character special file 666 1:9", "zero character special file 666 1:5",
            ])
    }

    @Test func workForUsersToo() throws {
        let outcome = try Program.gocker.inside(
            "-u", "1000",
            script: "echo x > /dev/null; head -c 3 /dev/zero | od -An -tx1; echo err >/dev/stderr; : > /dev/full; "
                + "head -c 4 /dev/urandom | wc -c; echo kept > /dev/shm/file; cat /dev/shm/file > /dev/stdout")
        #expect(outcome.lines.map(\.trimmed) == ["00 00 00", "4", "kept"])
        #expect(outcome.errors == "err\n")
    }

    @Test func shareMemoryUpToALimit() throws {
        let script =
            "df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d' ' -f2; df -k /dev | tail -n 1 | tr -s ' ' | cut -d' ' -f2"
        #expect(try Program.gocker.inside(script: script).lines == ["65536", "65536"])
        let full = try Program.gocker.inside(script: "head -c 70000000 /dev/zero > /dev/shm/file")
        #expect(full.exitCode != 0)
    }

    /// A null device is harmless anywhere, and is refused where the host's disk would be.
    @Test(arguments: [[], ["--overlay"], ["-v", "/tmp:/mnt"]])
    func otherThanTheseCanBeMadeButNotOpened(options: [String]) throws {
        let script = """
            for directory in /dev /dev/shm /tmp /mnt /root; do
                node=$directory/gocker-test-node-$$; mknod $node c 1 3; cat $node && echo "opened in $directory"; rm $node
            done
            """
        let outcome = try Program.gocker.run(
            ["run", "--rootfs", TestFiles.rootfs] + options + ["sh", "-c", script])
        #expect(outcome.output == "")
        #expect(lines(of: outcome.errors, beginningWith: "cat: can't open").count == 5)
        #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.hasSuffix("Permission denied") })
    }
}
