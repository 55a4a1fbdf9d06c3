import JSON
import Linux
import Testing

@testable import Runtime

@Suite("The statistics of a cgroup")
struct CgroupStatisticsTests {
    @Test func areReadFromVersionTwo() throws {
        let fake = try FakeCgroup(
            [
                "cpu.stat":
                    "usage_usec 7\nuser_usec 5\nsystem_usec 2\nnr_periods 4\nnr_throttled 3\nthrottled_usec 9\n",
                "memory.current": "4096\n", "memory.max": "max\n", "memory.peak": "8192\n",
                "memory.swap.current": "100\n", "memory.swap.max": "max\n",
                "memory.stat": "anon 1\nfile 2\nkernel 3\n", "memory.events": "low 0\nmax 5\noom_kill 6\n",
                "pids.current": "2\n", "pids.max": "max\n", "pids.events": "max 8\n",
                "io.stat": "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n7:0\n",
                "memory.pressure":
                    "some avg10=0.50 avg60=1.00 avg300=2.00 total=77\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
            ], isUnified: true)
        let cgroup = fake.cgroup
        let statistics = CgroupStatistics(of: cgroup)
        #expect(statistics.cpu.total == 7000 && statistics.cpu.user == 5000 && statistics.cpu.kernel == 2000)
        #expect(statistics.cpu.periods == 4 && statistics.cpu.throttledTime == 9000)
        #expect(statistics.memory.usage.usage == 4096 && statistics.memory.usage.limit == .max)
        #expect(statistics.memory.usage.max == 8192 && statistics.memory.usage.failures == 5)
        #expect(statistics.memory.swap.usage == 4196 && statistics.memory.swap.limit == .max)
        #expect(statistics.memory.cache == 2 && statistics.memory.resident == 1)
        #expect(statistics.memory.pressure?.some?.average10 == 0.5 && statistics.memory.pressure?.some?.total == 77)
        #expect(statistics.pids.current == 2 && statistics.pids.limit == 0)
        #expect(statistics.blockIO.serviceBytes.map(\.value) == [1, 2, 5])
        #expect(statistics.blockIO.serviced.map(\.operation) == ["Read", "Write", "Discard"])
        #expect(cgroup.outOfMemoryKills() == 6)
        #expect(cgroup.pidsLimitHits() == 8)
    }

    @Test func areReadFromVersionOne() throws {
        let fake = try FakeCgroup(
            [
                "cpuacct.usage": "12345\n", "cpuacct.stat": "user 3\nsystem 2\n",
                "cpuacct.usage_percpu": "10 20 \n", "cpuacct.usage_all": "cpu user system\n0 4 6\n1 8 12\n",
                "cpu.stat": "nr_periods 1\nnr_throttled 2\nthrottled_time 3\n", "cpuset.cpus": "0-1,3\n",
                "cpuset.mems": "0\n", "cpuset.sched_load_balance": "1\n", "cpuset.sched_relax_domain_level": "-1\n",
                "memory.usage_in_bytes": "5\n", "memory.limit_in_bytes": "9223372036854771712\n",
                "memory.max_usage_in_bytes": "6\n", "memory.failcnt": "7\n", "memory.stat": "cache 8\nrss 9\n",
                "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
                "pids.current": "1\n", "pids.max": "9\n", "blkio.reset_stats": "",
                "blkio.bfq.io_serviced_recursive": "Total 0\n",
                "blkio.throttle.io_serviced_recursive": "8:0 Read 1\n8:0 Total 1\nTotal 1\n",
            ], isUnified: false)
        let cgroup = fake.cgroup
        let statistics = CgroupStatistics(of: cgroup)
        #expect(statistics.cpu.total == 12345 && statistics.cpu.user == 30_000_000)
        #expect(statistics.cpu.perProcessor == [10, 20] && statistics.cpu.perProcessorKernel == [6, 12])
        #expect(statistics.cpuset.cpus == [0, 1, 3] && statistics.cpuset.schedRelaxDomainLevel == -1)
        #expect(statistics.memory.usage.failures == 7 && statistics.memory.resident == 9)
        #expect(statistics.blockIO.serviced.map(\.operation) == ["Read", "Total"])
        #expect(cgroup.outOfMemoryKills() == 3)
        #expect(
            JSONWriter.compact(statistics.event(of: "x")) == """
                {"data":{"blkio":{"ioServicedRecursive":[{"major":8,"op":"Read","value":1},\
                {"major":8,"op":"Total","value":1}]},\
                "cpu":{"throttling":{"periods":1,"throttledPeriods":2,"throttledTime":3},\
                "usage":{"kernel":20000000,"percpu":[10,20],"percpu_kernel":[6,12],"percpu_user":[4,8],\
                "total":12345,"user":30000000}},\
                "cpuset":{"cpu_exclusive":0,"cpus":[0,1,3],"mem_exclusive":0,"mem_hardwall":0,"memory_migrate":0,\
                "memory_pressure":0,"memory_spread_page":0,"memory_spread_slab":0,"mems":[0],"sched_load_balance":1,\
                "sched_relax_domain_level":-1},"hugetlb":{},"intel_rdt":{},\
                "memory":{"cache":8,"kernel":{"failcnt":0,"limit":0},"kernelTCP":{"failcnt":0,"limit":0},\
                "raw":{"cache":8,"rss":9},"swap":{"failcnt":0,"limit":0},\
                "usage":{"failcnt":7,"limit":9223372036854771712,"max":6,"usage":5}},"network_interfaces":null,\
                "pids":{"current":1,"limit":9}},"id":"x","type":"stats"}
                """)
    }

    @Test func areZerosWhereNothingIsCounted() {
        var nothing = CgroupStatistics(of: Cgroup(existing: []))
        nothing.hugetlb = []
        #expect(nothing == CgroupStatistics())
    }

    @Test(arguments: [(64, "64KB"), (2048, "2MB"), (1 << 20, "1GB"), (16 << 20, "16GB")])
    func nameHugePagesAsTheKernelDoes(kibibytes: Int, name: String) {
        #expect(CgroupStatistics.Hugetlb.name(ofKibibytes: kibibytes) == name)
    }
}
