import JSON
import Linux
import Testing

@Suite("User namespaces", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct UserNamespaceTests {
    /// config-linux.md, User namespace mappings: as the kernel shows them.
    @Test func haveTheMappings() throws {
        let container = try Container.running("cat /proc/self/uid_map /proc/self/gid_map; id -u; sleep 1000") {
            $0.mapUsers(from: 100_000, count: 1000)
        }
        #expect(try eventually { container.output.hasSuffix("\n0\n") })
        let fields = container.output.split { " \n".contains($0) }
        #expect(fields == ["0", "100000", "1000", "0", "100000", "1000", "0"])
        let status = try readText("/proc/\(try container.processID())/status")
        #expect(status.contains("Uid:\t100000\t100000\t100000\t100000\n"))
    }

    /// config-linux.md, User namespace mappings: the owners of files are not changed for it.
    @Test func leaveTheFilesAsTheyAre() throws {
        let lines = try Container.lines("stat -c %u /bin/busybox; touch /made 2>/dev/null || echo refused") {
            $0.mapUsers()
        }
        #expect(lines == ["65534", "refused"])
    }

    @Test func haveWorkingDevices() throws {
        let lines = try Container.lines(
            "for d in null zero full random urandom tty; do [ -c /dev/$d ] && echo $d; done; echo x > /dev/null && echo works"
        ) { $0.mapUsers() }
        #expect(lines == ["null", "zero", "full", "random", "urandom", "tty", "works"])
    }

    @Test func canBeEntered() throws {
        let container = try Container.running { $0.mapUsers() }
        let outcome = try container.exec(script: "id -u; cat /proc/self/uid_map")
        #expect(outcome.output.hasPrefix("0\n"), "\(outcome.report)")
        #expect(outcome.output.contains("100000"))
    }

    @Test func haveCapabilitiesInsideOnly() throws {
        let lines = try Container.lines(
            "grep CapEff /proc/self/status; unshare -n true 2>/dev/null && echo unshared; hostname new && hostname; true"
        ) {
            $0.mapUsers()
            for set in ["bounding", "effective", "permitted"] {
                $0.append("CAP_SYS_ADMIN", to: "process.capabilities.\(set)")
            }
        }
        #expect(lines.contains("unshared"))
        #expect(lines.last == "new")
    }

    /// Mappings are nothing without a namespace, and the namespace nothing without mappings.
    @Test func areAnErrorWithoutTheNamespace() throws {
        let container = try Container {
            $0.mapUsers()
            $0.remove(from: "linux.namespaces", where: "type", is: "user")
        }
        #expect(!(try container.create().succeeded))
    }

    /// config-linux.md, Namespaces: one that is there already, without mappings of the container's own.
    @Test func canBeJoined() throws {
        let holder = try Container.running { $0.mapUsers() }
        let process = try holder.processID()
        let container = try Container.running("id -u; cat /proc/self/uid_map; sleep 1000") {
            $0.append(["type": "user", "path": .string("/proc/\(process)/ns/user")], to: "linux.namespaces")
        }
        #expect(try eventually { container.output.contains("65536") })
        #expect(container.output.hasPrefix("0\n"))
        let inside = try readSymbolicLink("/proc/\(try container.processID())/ns/user")
        #expect(inside == (try readSymbolicLink("/proc/\(process)/ns/user")))
    }
}
