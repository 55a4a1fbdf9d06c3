import Linux
import Testing

@Suite("What gocker run allows its command", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunPrivilegeTests {
    private let capabilities = "grep ^Cap /proc/self/status | tr -d '\\t'"
    private let standard = "00000000a80425fb"
    private let none = "0000000000000000"

    @Test func rootHasTheStandardCapabilities() throws {
        #expect(
            try Program.gocker.inside(script: capabilities).lines == [
                "CapInh:\(none)", "CapPrm:\(standard)", "CapEff:\(standard)", "CapBnd:\(standard)", "CapAmb:\(none)",
            ])
    }

    @Test func anyOtherUserHasNone() throws {
        #expect(
            try Program.gocker.inside("--user", "1000:5", script: capabilities).lines == [
                "CapInh:\(none)", "CapPrm:\(none)", "CapEff:\(none)", "CapBnd:\(standard)", "CapAmb:\(none)",
            ])
    }

    @Test(
        arguments: [
            ([], "1"), (["--security-opt", "no-new-privileges"], "1"),
            (["--security-opt", "no-new-privileges=false"], "0"), (["--security-opt=no-new-privileges:false"], "0"),
        ] as [([String], String)])
    func noPrivilegeCanBeGainedUnlessAllowed(options: [String], value: String) throws {
        let outcome = try Program.gocker.run(
            ["run", "--rootfs", TestFiles.rootfs] + options + ["grep", "NoNewPrivs", "/proc/self/status"])
        #expect(outcome.output == "NoNewPrivs:\t\(value)\n")
    }

    @Test func signalsAreAsANewProcessHasThemEvenWhereTheCallerIgnoresSome() throws {
        let outcome = try Program.gocker.onHost(
            """
            trap '' TERM INT HUP PIPE USR1
            exec "$GOCKER" run --rootfs "$ROOTFS" grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status
            """)
        #expect(outcome.lines == ["SigBlk:\t\(none)", "SigIgn:\t\(none)", "SigCgt:\t\(none)"])
    }

    @Test func onlyTheStandardStreamsAreOpenEvenWhereTheCallerLeaksOthers() throws {
        let outcome = try Program.gocker.onHost(
            #"exec 5<"$ROOTFS" 9</; exec "$GOCKER" run --rootfs "$ROOTFS" ls /proc/self/fd"#)
        // `ls` itself has the directory open.
        #expect(outcome.lines == ["0", "1", "2", "3"])
    }

    @Test func closedStreamsAreNothingAndNotSomeOtherFile() throws {
        let outcome = try Program.gocker.onHost(
            #"exec "$GOCKER" run -i --rootfs "$ROOTFS" sh -c 'readlink /proc/$$/fd/0; readlink /proc/$$/fd/2' <&- 2>&-"#
        )
        #expect(outcome.lines == ["/dev/null", "/dev/null"])
    }

    @Test func theWorkingDirectoryCannotBeOneOfTheCallersDescriptors() throws {
        for number in [3, 4, 5, 7, 9] {
            let outcome = try Program.gocker.onHost(
                #"exec 9</; exec "$GOCKER" run --overlay --rootfs "$ROOTFS" -w /proc/self/fd/\#(number) ls"#)
            #expect(outcome.exitCode == 125)
            #expect(outcome.output == "")
        }
    }

    @Test func theRuntimesOwnBinaryCannotBeOverwritten() throws {
        let directory = try TemporaryDirectory()
        let rootfs = try directory.makeRootfs()
        let copy = "\(directory.path)/gocker"
        _ = try Program(path: "/bin/cp").run(Program.gocker.path, copy)
        let before = try readFile(copy, limit: 1 << 30)
        // The name leads to the runtime itself for as long as it is the runtime that executes it.
        let open = try FileDescriptor.open(rootfs, [.path, .directory])
        try open.makeSymbolicLink("self", to: "/proc/self/exe")
        try directory.write("rootfs/script", "#!/proc/self/exe\n")
        _ = try Program(path: "/bin/chmod").run("755", "\(rootfs)/script")
        let attack =
            "for i in 1 2 3; do for p in /proc/[0-9]*/exe; do echo evil > $p; done; done; "
            + "(exec 3< /proc/self/exe; echo evil > /proc/self/fd/3)"
        for command in [["/self"], ["/script"], ["/proc/self/exe"], ["/bin/sh", "-c", attack]] {
            _ = try Program(path: copy).run(["run", "--rootfs", rootfs] + command)
        }
        #expect(try readFile(copy, limit: 1 << 30) == before)
    }
}
