import Linux
import Testing

@Suite("gocker run on an older kernel", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunOlderKernelTests {
    /// Runs a script in a container, before Linux 5.11.
    private func inside(_ options: String..., script: String) throws -> Program.Outcome {
        let arguments = ["run", "--rootfs", TestFiles.rootfs] + options + ["/bin/sh", "-c", script]
        return try onOlderKernel { try Program.gocker.run(arguments) }
    }

    @Test func runsContainers() throws {
        let outcome = try inside("--memory", "64M", script: "echo $$; exit 3")
        #expect(outcome.output == "1\n")
        #expect(outcome.exitCode == 3)
    }

    @Test func leavesNoDescriptorToThePayload() throws {
        let outcome = try onOlderKernel {
            try Program.gocker.onHost(
                #"exec 5</ 9</; exec "$GOCKER" run --rootfs "$ROOTFS" sh -c 'exec ls /proc/self/fd'"#)
        }
        // The last one is the directory that is listed.
        #expect(outcome.lines == ["0", "1", "2", "3"], "\(outcome.errors)")
    }

    @Test func keepsWhatIsReadOnly() throws {
        let outcome = try inside(
            "--read-only",
            script: "(: > /file) || echo root; (echo x > /proc/sys/kernel/hostname) || echo parameters")
        #expect(outcome.lines == ["root", "parameters"])
        #expect(outcome.errors.contains("/file: Read-only file system"))
        #expect(outcome.errors.contains("/proc/sys/kernel/hostname: Read-only file system"))
    }

    @Test func setsTheFlagsOfAVolumeWithAllBelowItAndLosesNone() throws {
        let directory = try TemporaryDirectory()
        try makeDirectories("\(directory.path)/volume")
        // The first mount on "two words" is covered by the second.
        let script = #"""
            set -e; cd "$DIRECTORY/volume"
            mount -t tmpfs -o noatime,nosuid first .; cd .
            cd "$DIRECTORY/volume"; mkdir 'two words'
            mount -t tmpfs covered 'two words'; mount -t tmpfs -o strictatime,noexec second 'two words'
            mkdir 'two words/inner'; mount -t tmpfs third 'two words/inner'
            exec "$GOCKER" run --rootfs "$ROOTFS" -v "$DIRECTORY/volume:/data:ro" sh -c '
                for place in /data "/data/two words" "/data/two words/inner"; do
                    (: > "$place/made") && echo "$place"
                done
                grep " /data" /proc/self/mountinfo | grep -v " covered " | cut -d " " -f 5,6'
            """#
        let outcome = try onOlderKernel {
            try Program(path: "/usr/bin/unshare").run(
                ["--mount", "sh", "-c", script],
                environment: [
                    "DIRECTORY=\(directory.path)", "GOCKER=\(Program.gocker.path)", "ROOTFS=\(TestFiles.rootfs)",
                ])
        }
        #expect(
            outcome.lines == [
                "/data ro,nosuid,nodev,noatime", #"/data/two\040words ro,nodev,noexec"#,
                #"/data/two\040words/inner ro,nodev,relatime"#,
            ], "\(outcome.errors)")
    }

    /// CVE-2019-5736.
    @Test func keepsTheRuntimesOwnBinary() throws {
        let directory = try TemporaryDirectory()
        let rootfs = try directory.makeRootfs()
        let copy = "\(directory.path)/gocker"
        _ = try Program(path: "/bin/cp").run(Program.gocker.path, copy)
        let before = try readFile(copy, limit: 1 << 30)
        try FileDescriptor.open(rootfs, [.path, .directory]).makeSymbolicLink("self", to: "/proc/self/exe")
        let attack = "(echo evil > /proc/self/exe); exec 3< /proc/self/exe; readlink /proc/self/fd/3"
        for command in [["/self"], ["/proc/self/exe"], ["/bin/sh", "-c", attack]] {
            _ = try onOlderKernel { try Program(path: copy).run(["run", "--rootfs", rootfs] + command) }
        }
        #expect(try readFile(copy, limit: 1 << 30) == before)
    }
}
