import Linux
import Testing

@Suite("What services may use", .enabled(if: TestFiles.isRoot, "containers need root"))
struct StackLimitTests {
    private func lines(_ up: Program.Outcome, of instance: String) -> [String] {
        up.lines.filter { $0.hasPrefix("\(instance) ") }.map { line in
            line.split(whereSeparator: \.isWhitespace).dropFirst(2).joined(separator: " ")
        }
    }

    /// The content of a control file of an instance, in whichever hierarchy has it.
    private func control(_ stack: StackFixture, _ names: [String]) throws -> String? {
        let mounts = try ["/sys/fs/cgroup"] + directoryEntries("/sys/fs/cgroup").map { "/sys/fs/cgroup/\($0)" }
        for mount in mounts {
            let base = "\(mount)/gocker-\(stack.project)"
            for directory in (try? directoryEntries(base)) ?? [] {
                for name in names {
                    if let text = try? readText("\(base)/\(directory)/\(name)") {
                        return String(text.prefix { !$0.isNewline })
                    }
                }
            }
        }
        return nil
    }

    @Test func processesAreLimitedAsTheFileSays() throws {
        let stack = try StackFixture(
            """
            services:
              a:
                rootfs: rootfs
                ulimits: {nofile: {soft: 123, hard: 456}, core: 0}
                oom_score_adj: 321
                shm_size: 1m
                sysctls: {kernel.shmmni: 77}
                command:
                  - sh
                  - -c
                  - |
                    ulimit -n; ulimit -Hn; ulimit -c
                    cat /proc/self/oom_score_adj
                    df -k /dev/shm | tail -1
                    cat /proc/sys/kernel/shmmni
              b: {rootfs: rootfs, network_mode: none, sysctls: [net.ipv4.ip_forward=1], command: cat /proc/sys/net/ipv4/ip_forward}
            """)
        let up = try stack.compose("up")
        let printed = lines(up, of: "a-1")
        #expect(printed.prefix(4) == ["123", "456", "0", "321"])
        #expect(printed.dropFirst(4).first?.hasPrefix("tmpfs 1024 ") == true)
        #expect(printed.last == "77")
        #expect(lines(up, of: "b-1") == ["1"])
    }

    @Test func cgroupsAreLimitedAndChangedInPlace() throws {
        func file(_ shares: Int, _ reservation: String) -> String {
            """
            services:
              a:
                rootfs: rootfs
                command: [sleep, "1000"]
                mem_limit: 64m
                mem_reservation: \(reservation)
                cpu_shares: \(shares)
                cpu_quota: 50000
                cpu_period: 100000
                cpuset: "0"
            """
        }
        let stack = try StackFixture(file(512, "32m"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        let process = try stack.processID(of: "a-1")
        #expect(try control(stack, ["cpu.shares", "cpu.weight"]).map { ["512", "59"].contains($0) } == true)
        #expect(try control(stack, ["memory.soft_limit_in_bytes", "memory.low"]) == "\(32 << 20)")
        #expect(try control(stack, ["cpu.cfs_quota_us", "cpu.max"])?.hasPrefix("50000") == true)
        #expect(try control(stack, ["cpuset.cpus"]) == "0")

        try stack.write(file(2048, "16m"))
        #expect(try stack.compose("up", "-d").exitCode == 0)
        #expect(try stack.processID(of: "a-1") == process)
        #expect(try control(stack, ["cpu.shares", "cpu.weight"]).map { ["2048", "174"].contains($0) } == true)
        #expect(try control(stack, ["memory.soft_limit_in_bytes", "memory.low"]) == "\(16 << 20)")
    }
}
