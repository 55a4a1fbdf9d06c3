import Linux
import OrderedCollections
import Testing

@testable import Compose

/// What a stack file says about the limits of a service.
struct LimitsModelTests {
    private func service(_ keys: String) throws -> Service {
        let text = "services: {web: {rootfs: rootfs, command: sleep 1, \(keys)}}"
        return try #require(load(text).stack?.services.values.first)
    }

    private func problems(_ keys: String) -> [String] {
        summaries("services:\n  web:\n    rootfs: rootfs\n    command: sleep 1\n    \(keys)\n")
    }

    @Test func areReadAsTheyAreWritten() throws {
        let limits = try service(
            """
            mem_limit: 64m, memswap_limit: 128m, mem_reservation: 32m, mem_swappiness: 10, oom_kill_disable: true,
            oom_score_adj: -5, cpu_shares: 512, cpu_quota: 50000, cpu_period: 100000, cpuset: "0-1,3", shm_size: 1m,
            ulimits: {nofile: {soft: 10, hard: 20}, core: 0, memlock: -1}, sysctls: {kernel.msgmax: 5, fs.mqueue.msg_max: "6"}
            """
        ).limits
        #expect(limits.memoryAndSwap == 128 << 20 && limits.memoryReservation == .mebibytes(32))
        #expect(limits.swappiness == 10 && limits.waitsForMemory && limits.oomScoreAdjustment == -5)
        #expect(limits.cpuShares == 512 && limits.cpuQuota == 50000 && limits.cpuPeriod == 100_000)
        #expect(limits.cpuset == "0-1,3" && limits.sharedMemory == .mebibytes(1))
        #expect(
            limits.processes.map { "\($0.kind.name) \($0.soft) \($0.hard)" } == [
                "RLIMIT_NOFILE 10 20", "RLIMIT_CORE 0 0", "RLIMIT_MEMLOCK \(UInt64.max) \(UInt64.max)",
            ])
        #expect(limits.kernelSettings.map { "\($0.name)=\($0.value)" } == ["kernel.msgmax=5", "fs.mqueue.msg_max=6"])
        #expect(try service("hostname: h").limits == ServiceLimits())
    }

    @Test func ofBlockDevicesNameThem() throws {
        let limits = try service(
            """
            blkio_config: {weight: 300, weight_device: [{path: /dev/vda, weight: 400}],
            device_read_bps: [{path: /dev/vda, rate: 1m}], device_write_iops: [{path: /dev/vdb, rate: 30}]}
            """
        ).limits.blockIO
        #expect(limits.weight == 300)
        #expect(limits.weights.map(\.value) == [400] && limits.readBytes.map(\.value) == [1 << 20])
        #expect(limits.writeOperations.map(\.path) == ["/dev/vdb"] && limits.writeOperations.map(\.value) == [30])
    }

    @Test func aReservationMayBeThatOfADeployment() throws {
        let keys = "deploy: {resources: {reservations: {memory: 20m}}}"
        #expect(try service(keys).limits.memoryReservation == .mebibytes(20))
    }

    @Test(
        arguments: [
            (
                "ulimits: {nofiles: 5}",
                "5:15: there is no limit \"nofiles\": write one of getrlimit(2), such as nofile (did you mean \"nofile\"?)"
            ),
            ("ulimits: {nofile: {soft: 5, hard: 4}}", "5:30: the soft limit of \"nofile\" is above the hard one"),
            (
                "sysctls: {net.ipv4.ip_forward: 1}",
                "5:15: the kernel setting \"net.ipv4.ip_forward\" is that of the machine's network: set \"network_mode: none\", or leave it out"
            ),
            (
                "sysctls: [vm.swappiness=1]",
                "5:15: the kernel setting \"vm.swappiness\" is one of the whole machine: no service can have its own"
            ),
            ("memswap_limit: 10m", "5:20: \"memswap_limit\" is memory and swap space together: say \"mem_limit\", too"),
            (
                "cpu_shares: 1",
                "5:17: expected a whole number from 2 for \"cpu_shares\" in service \"web\", found \"1\""
            ),
            (
                "cpuset: \"0-\"",
                "5:13: expected processors such as 0-3,7 for \"cpuset\" in service \"web\", found \"0-\""
            ),
            (
                "mem_swappiness: 200",
                "5:21: expected a whole number from 0 to 100 for \"mem_swappiness\" in service \"web\", found \"200\""
            ),
            (
                "cgroup_parent: x",
                "5:5: \"cgroup_parent\" is not acted on by this version: all cgroups of a stack are below one of its own; leave it out"
            ),
        ]
    )
    func whatCannotBeIsToldWithItsPlace(keys: String, message: String) {
        #expect(problems(keys) == ["stack.yaml:\(message)"])
    }

    @Test func twoWaysToSayTheSameExcludeEachOther() {
        #expect(
            problems("cpu_quota: 5000\n    cpus: 1")
                == ["stack.yaml:5:16: \"cpu_quota\" and \"cpus\" say the same in two ways: leave one out"])
        #expect(
            problems("mem_limit: 20m\n    memswap_limit: 10m")
                == ["stack.yaml:6:20: \"memswap_limit\" includes the memory: it cannot be less than \"mem_limit\""])
        #expect(
            problems("ipc: host\n    sysctls: {kernel.msgmax: 1}")
                == [
                    "stack.yaml:6:15: the kernel setting \"kernel.msgmax\" is not the service's own, because it shares \"ipc\""
                ])
        #expect(problems("network_mode: none\n    sysctls: {net.ipv4.ip_forward: 1}").isEmpty)
    }
}
