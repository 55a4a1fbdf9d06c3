import Linux
import Testing

@Suite("What services share", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StackSharingTests {
    private func namespaces(of process: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for kind in ["ipc", "pid", "uts", "cgroup", "net"] {
            found[kind] = try readSymbolicLink("/proc/\(process)/ns/\(kind)")
        }
        return found
    }

    @Test func namespacesAreTheMachinesWhereTheFileSaysSo() throws {
        let stack = try StackFixture(
            """
            services:
              own: {rootfs: rootfs, command: [sleep, "1000"]}
              host: {rootfs: rootfs, command: [sleep, "1000"], ipc: host, pid: host, uts: host, cgroup: host}
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let own = try namespaces(of: "\(stack.processID(of: "own-1"))")
        let host = try namespaces(of: "\(stack.processID(of: "host-1"))")
        let machine = try namespaces(of: "self")
        #expect(host == machine)
        for kind in ["ipc", "pid", "uts", "cgroup"] { #expect(own[kind] != machine[kind]) }
        // Nothing of the machine's has been changed.
        let name = try readText("/proc/sys/kernel/hostname")
        #expect(try stack.compose("exec", "-T", "host", "hostname").output == name)
        let processes = try stack.compose("exec", "-T", "host", "ls", "/proc").lines
        #expect(processes.contains("\(ownProcessID)"))
    }

    /// It shares the processes of others, and is ended all the same; also by a supervisor that did not start it.
    @Test func aServiceAmongTheMachinesProcessesIsFoundAgain() throws {
        let stack = try StackFixture("services: {a: {rootfs: rootfs, command: [sleep, \"1000\"], pid: host}}")
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let process = try stack.processID(of: "a-1")
        try SupervisorDeathTests.supervisor(of: stack).send(.kill)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.processID(of: "a-1") == process)
        #expect(try stack.compose("down").exitCode == 0)
        #expect(try stack.traces().cgroups.isEmpty)
    }

    @Test func namespacesOfAnotherServiceAreJoined() throws {
        let stack = try StackFixture(
            """
            services:
              db: {rootfs: rootfs, command: [sleep, "1000"], network_mode: none, hostname: dbhost, ipc: shareable}
              web:
                rootfs: rootfs
                command: [sleep, "1000"]
                network_mode: "service:db"
                ipc: "service:db"
                pid: "service:db"
                uts: "service:db"
            """)
        #expect(try stack.compose("up", "-d").exitCode == 0)
        var db = try namespaces(of: "\(stack.processID(of: "db-1"))")
        var web = try namespaces(of: "\(stack.processID(of: "web-1"))")
        db["cgroup"] = nil
        web["cgroup"] = nil
        #expect(web == db)
        #expect(try stack.compose("exec", "-T", "web", "hostname").output == "dbhost\n")
        // Memory that is shared by name, too.
        try stack.compose("exec", "-T", "db", "touch", "/dev/shm/of-db")
        #expect(try stack.compose("exec", "-T", "web", "ls", "/dev/shm").output == "of-db\n")
        #expect(try stack.compose("run", "-T", "--rm", "--no-deps", "web", "hostname").output == "dbhost\n")
    }

    @Test func namesAreFoundAsTheFileSays() throws {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                hostname: box
                domainname: example.org
                extra_hosts: ["db:10.1.2.3"]
                dns: [192.0.2.1]
                dns_search: [a.example]
                dns_opt: ["ndots:2"]
                command:
                  - sh
                  - -c
                  - |
                    grep -E 'box|db' /etc/hosts
                    cat /etc/hostname /proc/sys/kernel/domainname
                    grep -v '^#' /etc/resolv.conf
                    (echo x >>/etc/hosts) 2>/dev/null || echo kept
            """)
        let up = try stack.compose("up")
        let printed = up.lines.filter { $0.hasPrefix("a-1 ") }.map { line in
            line.split(whereSeparator: \.isWhitespace).dropFirst(2).joined(separator: " ")
        }
        #expect(
            printed.prefix(7) == [
                "127.0.1.1 box.example.org box", "10.1.2.3 db", "box", "example.org", "nameserver 192.0.2.1",
                "search a.example", "options ndots:2",
            ])
        #expect(printed.last == "kept")
        try stack.compose("down")
        #expect((try? FileStatus.of("\(stack.runBase)/\(stack.project)")) == nil)
    }
}
