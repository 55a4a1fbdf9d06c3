import JSON
import Linux
import Testing

@Suite("The boundary of a container", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct BoundaryTests {
    /// No way back to the host's root: no directory, no mount, no descriptor, and `..` ends at `/`.
    @Test func theRootOfTheHostIsOutOfReach() throws {
        let container = try Container(
            """
            ls -A /; ls /oldroot /.old_root /.pivot_root 2>/dev/null
            for up in .. ../.. ../../../../../../..; do ls -d $up/gocker-marker 2>/dev/null; done
            grep -v ' / / ' /proc/self/mountinfo | cut -d ' ' -f 5 | grep -E 'old|pivot|put'
            for d in /proc/self/fd/*; do ls $d/../gocker-marker 2>/dev/null; done; true
            """)
        let outcome = try container.run()
        #expect(outcome.succeeded, "\(outcome.report)")
        let expected = ["bin", "dev", "etc", "home", "proc", "root", "sys", "tmp", "usr", "var"]
        #expect(outcome.lines.sorted() == expected, "\(outcome.report)")
    }

    /// Only the mounts of the container are to be seen.
    @Test func theMountsAreItsOwn() throws {
        let container = try Container("cut -d ' ' -f 5 /proc/self/mountinfo")
        let outcome = try container.run()
        let allowed = ["/", "/proc", "/dev", "/sys"]
        for place in outcome.lines {
            #expect(allowed.contains { place == $0 || ($0 != "/" && place.hasPrefix("\($0)/")) }, "\(place)")
        }
        #expect(outcome.lines.first == "/")
    }

    /// Mounts that the container makes are not seen on the host, and those of the host not in it.
    @Test func mountsDoNotPropagate() throws {
        let container = try Container("mount -t tmpfs none /volume && touch /volume/inside && sleep 1000") {
            for set in ["bounding", "effective", "permitted"] {
                $0.append("CAP_SYS_ADMIN", to: "process.capabilities.\(set)")
            }
        }
        let volume = try container.directory.makeSubdirectory("volume")
        container.config.bind(volume, on: "/volume", "rw")
        #expect(try container.create().succeeded)
        #expect(try container.start().succeeded)
        let process = try container.processID()
        #expect(try eventually { exists("/proc/\(process)/root/volume/inside") })
        #expect(try directoryEntries(volume) == [])
        #expect(Mounts.below(container.directory.path) == [])
        #expect(!(try readText("/proc/\(process)/mountinfo").contains("shared:")))
    }

    /// runtime.md, Errors: a failed start leaves the host's mounts as they were.
    @Test func mountsOfTheHostStayWhereAContainerFails() throws {
        let before = try readText("/proc/self/mountinfo").split(separator: "\n").filter { !$0.contains("gocker-oci") }
        let container = try Container { $0.bind("/no/such", on: "/mnt", "rw") }
        #expect(!(try container.run().succeeded))
        let after = try readText("/proc/self/mountinfo").split(separator: "\n").filter { !$0.contains("gocker-oci") }
        #expect(before == after)
    }

    /// CVE-2022-0492: the classic way out, by the release agent of a cgroup.
    @Test func theReleaseAgentCannotBeSet() throws {
        let container = try Container(
            """
            for f in $(find /sys/fs/cgroup -name release_agent 2>/dev/null); do
                (echo /evil > $f) 2>/dev/null && echo "wrote $f"
            done
            mkdir /tmp/cg
            for c in memory rdma misc pids devices freezer; do
                mount -t cgroup -o $c none /tmp/cg 2>/dev/null && echo "mounted $c"
                unshare -UrmC sh -c "mount -t cgroup -o $c none /tmp/cg && echo /evil > /tmp/cg/release_agent && echo agent $c" \
                    2>/dev/null
            done
            echo done
            """)
        let agents = Cgroups.hierarchies.map { try? readText("\($0)/release_agent") }
        let outcome = try container.run()
        #expect(outcome.lines == ["done"], "\(outcome.report)")
        #expect(Cgroups.hierarchies.map { try? readText("\($0)/release_agent") } == agents)
    }

    /// CVE-2023-25809: the cgroups of the host cannot be written to, with a cgroup namespace or without.
    @Test(arguments: [true, false]) func theCgroupsCannotBeWritten(haveNamespace: Bool) throws {
        let container = try Container(
            """
            for d in /sys/fs/cgroup /sys/fs/cgroup/*; do
                [ -e $d/cgroup.procs ] || continue
                mkdir $d/evil 2>/dev/null && echo "made $d/evil"
                (echo 0 > $d/cgroup.procs) 2>/dev/null && echo "joined $d"
            done
            grep -F ' - cgroup' /proc/self/mountinfo | cut -d ' ' -f 6 | grep -v '^ro'; echo done
            """
        ) { if haveNamespace { $0.append(["type": "cgroup"], to: "linux.namespaces") } }
        let outcome = try container.run()
        #expect(outcome.lines == ["done"], "\(outcome.report)")
    }

    /// The container sees its own cgroup as the root, where it has a namespace of its own.
    @Test func theCgroupNamespaceBeginsAtTheContainersCgroup() throws {
        let container = try Container("cat /proc/self/cgroup") {
            $0.append(["type": "cgroup"], to: "linux.namespaces")
        }
        let outcome = try container.run()
        #expect(outcome.succeeded)
        let paths = Set(outcome.lines.compactMap { $0.split(separator: ":").last.map(String.init) })
        // A hierarchy in which the runtime makes no cgroup shows the caller's place in it, which may be the root.
        #expect(!paths.contains { $0.contains(container.cgroupName) }, "\(outcome.report)")
        #expect(paths.contains("/"))
    }

    /// CVE-2021-43784: a length that does not fit where it is kept.
    @Test(arguments: [70_000, 140_000]) func aVeryLongNamespacePathIsAnError(length: Int) throws {
        let container = try Container("echo ran") {
            $0.append(
                ["type": "cgroup", "path": .string("/" + String(repeating: "a", count: length))],
                to: "linux.namespaces")
        }
        let outcome = try container.run()
        #expect(!outcome.succeeded)
        #expect(outcome.output == "")
    }

    @Test func manyMountsAreNoProblem() throws {
        let lines = try Container.lines("grep -c /many/ /proc/self/mountinfo") {
            for number in 0..<300 { $0.mount("tmpfs", on: "/many/\(number)", "nosuid", "size=4k") }
        }
        #expect(lines == ["300"])
    }

    /// Identifiers become names of directories.
    @Test(
        arguments: [
            "", "..", ".", "/abs", "a/b", "../up", "a b", "a\nb", "-x", "a\u{0}b", "é", "a:b", "a;b", "$(id)", "~", "*",
        ])
    func anIDIsNoPath(id: String) throws {
        let container = try Container("echo ran")
        try container.writeConfig()
        let outcome = try OCIRuntime.program.run(
            ["--root", container.stateRoot, "run", "--bundle", container.bundle, "--", id])
        if id == "-x" || id.contains("\u{0}") {
            // A valid identifier where options have ended; and an argument cannot have a NUL.
            #expect(outcome.output == "" || outcome.output == "ran\n")
        } else {
            #expect(!outcome.succeeded, "\(outcome.report)")
            #expect(outcome.output != "ran\n")
        }
        #expect(try directoryEntries(container.stateRoot).allSatisfy { $0.hasPrefix(".") })
    }

    @Test(arguments: ["a", "A.b_c-d+e", "0", "a..b"]) func anIDMayHaveTheseCharacters(id: String) throws {
        let container = try Container("echo ran")
        try container.writeConfig()
        let outcome = try OCIRuntime.program.run(
            ["--root", container.stateRoot, "run", "--bundle", container.bundle, id])
        #expect(outcome.output == "ran\n", "\(outcome.report)")
    }

    /// What the runtime keeps of a container is for its owner only.
    @Test func theStateIsPrivate() throws {
        let container = try Container()
        let root = "\(container.directory.path)/made"
        try container.writeConfig()
        let outcome = try Program.shell.run([
            "-c", #"umask 0; exec "$0" --root "$1" create --bundle "$2" "$3""#, OCIRuntime.path, root,
            container.bundle, container.id,
        ])
        #expect(outcome.succeeded, "\(outcome.report)")
        let directory = "\(root)/\(container.id)"
        #expect(try FileStatus.of(directory).mode & 0o066 == 0)
        #expect(try FileStatus.of(root).mode & 0o022 == 0)
        for entry in try directoryEntries(directory) {
            // A FIFO on which the container waits may be open to its user, behind a directory that is not.
            let status = try FileStatus.ofLink("\(directory)/\(entry)")
            #expect(status.kind == .fifo || status.mode & 0o022 == 0, "\(entry)")
        }
        _ = try OCIRuntime.program.run(["--root", root, "delete", "--force", container.id])
    }
}
