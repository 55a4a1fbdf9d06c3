import JSON
import Linux
import Testing

@Suite("Devices", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct ConfiguredDeviceTests {
    /// config-linux.md, Devices: type, number, mode, owner; also outside of /dev.
    @Test func areMadeAsConfigured() throws {
        let lines = try Container.lines(
            """
            stat -c '%F %t:%T %a %u:%g' /dev/chosen /else/where/device
            stat -c '%F %a' /dev/fifo; stat -c %a /dev/plain
            """
        ) {
            $0["linux.devices"] = [
                ["type": "c", "path": "/dev/chosen", "major": 1, "minor": 5, "fileMode": 0o640, "uid": 7, "gid": 8],
                ["type": "b", "path": "/else/where/device", "major": 7, "minor": 250, "fileMode": 0o600],
                ["type": "p", "path": "/dev/fifo", "fileMode": 0o622],
                ["type": "u", "path": "/dev/plain", "major": 1, "minor": 9],
            ]
        }
        #expect(
            lines == [
                "character special file 1:5 640 7:8", "block special file 7:fa 600 0:0", "fifo 622", "666",
            ])
    }

    /// config-linux.md, `path`: what is there and is not that device is an error.
    @Test func areAnErrorWhereAFileIsInTheWay() throws {
        let container = try Container {
            $0["linux.devices"] = [["type": "c", "path": "/etc/device", "major": 1, "minor": 3]]
        }
        try container.directory.write("bundle/rootfs/etc/device", "a file")
        #expect(!(try container.create().succeeded))
        #expect(try readText("\(container.rootfs)/etc/device") == "a file")
    }

    @Test(arguments: ["x", "", "cc"]) func areAnErrorWithAnotherType(type: String) throws {
        let container = try Container {
            $0["linux.devices"] = [["type": .string(type), "path": "/dev/some", "major": 1, "minor": 3]]
        }
        #expect(!(try container.create().succeeded))
    }
}
