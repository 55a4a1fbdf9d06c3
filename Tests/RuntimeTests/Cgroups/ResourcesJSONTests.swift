import JSON
import Linux
import Testing

@testable import Runtime

@Suite("The resources of a document")
struct ResourcesJSONTests {
    private func read(_ text: String) throws -> Resources {
        try Resources(try SpecObject(try JSONReader.read(Array(text.utf8)), at: "linux.resources"))
    }

    @Test func areReadWhole() throws {
        let resources = try read(
            """
            {"pids": {"limit": 100},
             "memory": {"limit": 536870912, "reservation": 5, "swap": -1, "kernel": -1, "kernelTCP": 7, "swappiness": 0,
                        "disableOOMKiller": false, "useHierarchy": true, "checkBeforeUpdate": true},
             "cpu": {"shares": 1024, "quota": 1000000, "burst": 10, "period": 500000, "realtimeRuntime": 950000,
                     "realtimePeriod": 1000000, "cpus": "2-3", "mems": "0-7", "idle": 0},
             "blockIO": {"weight": 10, "leafWeight": 20,
                         "weightDevice": [{"major": 8, "minor": 0, "weight": 500, "leafWeight": 300}],
                         "throttleReadBpsDevice": [{"major": 8, "minor": 1, "rate": 600}],
                         "throttleWriteIOPSDevice": [{"major": 8, "minor": 16, "rate": 300}]},
             "hugepageLimits": [{"pageSize": "2MB", "limit": 18446744073709551615}],
             "network": {"classID": 1048577, "priorities": [{"name": "eth0", "priority": 500}]},
             "rdma": {"mlx5_1": {"hcaHandles": 3, "hcaObjects": 10000}},
             "unified": {"memory.high": "9", "io.max": "8:0 rbps=1"},
             "devices": [{"allow": false, "access": "rwm"},
                         {"allow": true, "type": "c", "major": 10, "minor": -1, "access": "rw"}],
             "somethingNew": 1}
            """)
        #expect(resources.pids == 100)
        #expect(resources.memory.limit == 536_870_912 && resources.memory.swap == -1)
        #expect(resources.memory.kernelTCP == 7 && resources.memory.swappiness == 0)
        #expect(resources.memory.disableOOMKiller == false && resources.memory.checkBeforeUpdate == true)
        #expect(resources.cpu.shares == 1024 && resources.cpu.burst == 10 && resources.cpu.idle == 0)
        #expect(resources.cpu.cpus == "2-3" && resources.cpu.mems == "0-7")
        #expect(resources.blockIO.weight == 10 && resources.blockIO.leafWeight == 20)
        #expect(resources.blockIO.weightDevice.map(\.device) == [DeviceNumber(major: 8, minor: 0)])
        #expect(resources.blockIO.throttleReadBps.map(\.rate) == [600])
        #expect(resources.blockIO.throttleWriteIOPS.map(\.device.minor) == [16])
        #expect(resources.hugepageLimits == [.init(pageSize: "2MB", limit: .max)])
        #expect(resources.network.classID == 1_048_577 && resources.network.priorities.count == 1)
        #expect(resources.rdma == [.init(device: "mlx5_1", hcaHandles: 3, hcaObjects: 10000)])
        #expect(resources.unified == [.init("memory.high", "9"), .init("io.max", "8:0 rbps=1")])
        #expect(
            resources.devices == [
                DeviceRule(allow: false), DeviceRule(allow: true, .character, major: 10, access: [.read, .write]),
            ])
    }

    @Test func areNothingWhereNothingIsSaid() throws {
        #expect(try read("{}") == Resources())
        #expect(try read(#"{"memory": null, "devices": [], "pids": {}}"#) == Resources())
    }

    @Test(arguments: [
        (#"{"pids": {"limit": "many"}}"#, "linux.resources.pids.limit"),
        (#"{"memory": {"limit": -2}}"#, "linux.resources.memory.limit"),
        (#"{"memory": {"swappiness": 101}}"#, "linux.resources.memory.swappiness"),
        (#"{"cpu": {"idle": 2}}"#, "linux.resources.cpu.idle"),
        (#"{"blockIO": {"weight": 5}}"#, "linux.resources.blockIO.weight"),
        (#"{"blockIO": {"weightDevice": [{"minor": 0}]}}"#, "linux.resources.blockIO.weightDevice[0].major"),
        (#"{"hugepageLimits": [{"pageSize": "../2MB", "limit": 1}]}"#, "linux.resources.hugepageLimits[0].pageSize"),
        (#"{"hugepageLimits": [{"pageSize": "2MB"}]}"#, "linux.resources.hugepageLimits[0].limit"),
        (#"{"network": {"priorities": [{"name": "a"}]}}"#, "linux.resources.network.priorities[0].priority"),
        (#"{"rdma": {"a": 1}}"#, "linux.resources.rdma.a"),
        (#"{"unified": {"../x": "1"}}"#, "linux.resources.unified.../x"),
        (#"{"unified": {"pids.max": 1}}"#, "linux.resources.unified.pids.max"),
        (#"{"devices": [{"type": "c"}]}"#, "linux.resources.devices[0].allow"),
        (#"{"devices": [{"allow": true, "type": "x"}]}"#, "linux.resources.devices[0].type"),
        (#"{"devices": [{"allow": true, "access": "rx"}]}"#, "linux.resources.devices[0].access"),
        (#"{"devices": [{"allow": true, "major": -2}]}"#, "linux.resources.devices[0].major"),
    ])
    func areWrongWithTheirPlace(text: String, place: String) {
        #expect {
            _ = try read(text)
        } throws: {
            ($0 as? SpecError)?.place == place
        }
    }
}
