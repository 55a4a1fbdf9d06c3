import JSON
import Linux
import Testing

@Suite("Privileges", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct PrivilegeTests {
    private static let sets = "grep ^Cap /proc/self/status | tr -d '\\t'"
    private static let none = "0000000000000000"
    private static let standard = "00000000a80425fb"

    /// CVE-2022-29162, CVE-2022-27650, CVE-2022-24769: an inheritable set would give capabilities to programs with file
    /// capabilities that no other user may have.
    @Test func theInheritableSetIsEmpty() throws {
        #expect(
            try Container.lines(Self.sets) == [
                "CapInh:\(Self.none)", "CapPrm:\(Self.standard)", "CapEff:\(Self.standard)",
                "CapBnd:\(Self.standard)", "CapAmb:\(Self.none)",
            ])
    }

    @Test func theInheritableSetIsEmptyForAnotherUser() throws {
        let lines = try Container.lines(Self.sets) { $0["process.user"] = ["uid": 1000, "gid": 1000] }
        #expect(
            lines == [
                "CapInh:\(Self.none)", "CapPrm:\(Self.none)", "CapEff:\(Self.none)", "CapBnd:\(Self.standard)",
                "CapAmb:\(Self.none)",
            ])
    }

    @Test func theInheritableSetIsEmptyForExec() throws {
        let container = try Container.running()
        for options in [[], ["--cap", "CAP_SYS_ADMIN"]] as [[String]] {
            let outcome = try OCIRuntime.program.run(
                ["--root", container.stateRoot, "exec"] + options + [container.id, "/bin/sh", "-c", Self.sets])
            #expect(outcome.lines.contains("CapInh:\(Self.none)"), "\(options) \(outcome.report)")
            #expect(options != [] || outcome.lines.contains("CapBnd:\(Self.standard)"))
        }
    }

    /// Without `capabilities` there are none: a container is not privileged because a key is missing.
    @Test func withoutAConfigurationThereAreNone() throws {
        let lines = try Container.lines(Self.sets) { $0["process.capabilities"] = nil }
        #expect(lines.contains("CapEff:\(Self.none)"))
        #expect(lines.contains("CapPrm:\(Self.none)"))
        #expect(lines.contains("CapInh:\(Self.none)"))
    }

    /// CVE-2026-30892: `-u 1` is user 1, and not user 0 for want of a group.
    @Test(arguments: [("1", "1 0"), ("1:2", "1 2"), ("1000:1000", "1000 1000")])
    func execIsTheUserItIsTold(user: String, result: String) throws {
        let container = try Container.running()
        let outcome = try container.exec("--user", user, script: "echo $(id -u) $(id -g)")
        #expect(outcome.output == "\(result)\n", "\(outcome.report)")
    }

    @Test(arguments: ["-1", "x", "1:x", "4294967296", "1:", ":", "1:2:3", "0x1"])
    func execRefusesAUserThatIsNone(user: String) throws {
        let container = try Container.running()
        let outcome = try container.exec("--user=\(user)", script: "id -u")
        // A name is looked up by an engine, never by the runtime.
        #expect(!outcome.succeeded || outcome.output == "1\n", "\(outcome.report)")
        #expect(!outcome.lines.contains("0"))
    }

    /// The caller's groups do not come along.
    @Test func thereAreNoGroupsOfTheCaller() throws {
        let container = try Container("grep ^Groups: /proc/self/status")
        try container.writeConfig()
        let outcome = try container.onHost(
            #"exec setpriv --groups 0,4,27,100 "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID""#)
        let groups = outcome.output.split(separator: ":").last?.split { " \t\n".contains($0) }.map(String.init) ?? []
        #expect(Set(groups).isSubset(of: ["0"]), "\(outcome.report)")
    }

    @Test func thereAreNoGroupsOfTheCallerForExec() throws {
        let container = try Container.running { $0["process.user"] = ["uid": 1000, "gid": 1000] }
        let outcome = try container.onHost(
            #"exec setpriv --groups 0,4,27,100 "$RUNTIME" --root "$ROOT" exec "$ID" grep ^Groups: /proc/self/status"#)
        let groups = outcome.output.split(separator: ":").last?.split { " \t\n".contains($0) }.map(String.init) ?? []
        #expect(Set(groups).isSubset(of: ["1000"]), "\(outcome.report)")
    }

    /// config.md, `noNewPrivileges`: set-user-id gives nothing; and it works where that is not set.
    @Test(arguments: [true, false]) func setUserIDWorksOnlyWhereAllowed(isForbidden: Bool) throws {
        let container = try Container("grep NoNewPrivs /proc/self/status; /bin/setuid/busybox su -c true root 2>&1") {
            $0["process.user"] = ["uid": 1000, "gid": 1000]
            $0["process.noNewPrivileges"] = .boolean(isForbidden)
        }
        let directory = "\(container.rootfs)/bin/setuid"
        try makeDirectory(directory)
        try replaceFile("\(directory)/busybox", with: try readFile("\(container.rootfs)/bin/busybox"), mode: 0o755)
        #expect(try Program.shell.run(["-c", "chmod 4755 '\(directory)/busybox'"]).succeeded)
        let outcome = try container.run()
        #expect(outcome.lines.first == "NoNewPrivs:\t\(isForbidden ? 1 : 0)")
        // What this applet says where it runs as somebody else than root.
        #expect(outcome.output.contains("must be suid") == isForbidden, "\(outcome.report)")
    }

    /// CVE-2017-5226: the container cannot type into the caller's terminal, for it is not its terminal.
    @Test func theSessionIsItsOwn() throws {
        let container = try Container("cut -d ' ' -f 1,6,7 /proc/self/stat; cut -d ' ' -f 1,6,7 /proc/1/stat")
        let outcome = try container.run()
        // The process, its session, its terminal.
        #expect(outcome.lines.last == "1 1 0", "\(outcome.report)")
    }

    @Test(.enabled(if: exists("/usr/bin/script"), "a terminal to test with needs script(1)"))
    func theSessionIsItsOwnAlsoAtATerminal() throws {
        let container = try Container("cut -d ' ' -f 1,6,7 /proc/1/stat")
        try container.writeConfig()
        let command =
            "\(OCIRuntime.path) --root \(container.stateRoot) run --bundle \(container.bundle) \(container.id)"
        let outcome = try Program(path: "/usr/bin/script").run(["-qec", command, "/dev/null"])
        #expect(outcome.output.contains("1 1 0"), "\(outcome.report)")
    }
}
