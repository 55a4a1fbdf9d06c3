import JSON
import Linux
import Testing

@Suite("Namespaces", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct NamespaceTests {
    /// The names of the configuration, and of the kernel.
    private static let names = [
        "mount": "mnt", "network": "net", "uts": "uts", "ipc": "ipc", "pid": "pid", "cgroup": "cgroup", "user": "user",
        "time": "time",
    ]

    private static func link(_ type: String, of process: String = "self") throws -> String {
        try readSymbolicLink("/proc/\(process)/ns/\(names[type] ?? type)")
    }

    /// config-linux.md, Namespaces: without a path a new one.
    @Test(arguments: ["mount", "network", "uts", "ipc", "pid", "cgroup"]) func areNew(type: String) throws {
        let container = try Container.running {
            if type == "cgroup" { $0.append(["type": "cgroup"], to: "linux.namespaces") }
        }
        let inside = try Self.link(type, of: String(try container.processID()))
        #expect(inside != (try Self.link(type)))
    }

    /// config-linux.md, Namespaces: of a type that is not listed, the runtime's.
    @Test(arguments: ["network", "uts", "ipc", "pid", "cgroup", "user", "time"])
    func areTheRuntimesWhereNotListed(type: String) throws {
        let container = try Container.running {
            $0.remove(from: "linux.namespaces", where: "type", is: type)
            // A mount of these needs a namespace of its own.
            if type == "ipc" { $0.remove(from: "mounts", where: "destination", is: "/dev/mqueue") }
            if type == "network" {
                $0.remove(from: "mounts", where: "destination", is: "/sys")
                $0.remove(from: "mounts", where: "destination", is: "/sys/fs/cgroup")
            }
        }
        let inside = try Self.link(type, of: String(try container.processID()))
        #expect(inside == (try Self.link(type)))
    }

    /// config-linux.md, `path`: the namespace that is there.
    @Test(arguments: ["network", "uts", "ipc", "pid", "cgroup"]) func canBeJoined(type: String) throws {
        let holder = try Container.running { $0.append(["type": "cgroup"], to: "linux.namespaces") }
        let process = String(try holder.processID())
        let path = "/proc/\(process)/ns/\(Self.names[type] ?? type)"
        let container = try Container.running {
            $0.remove(from: "linux.namespaces", where: "type", is: type)
            $0.append(["type": .string(type), "path": .string(path)], to: "linux.namespaces")
        }
        let inside = try Self.link(type, of: String(try container.processID()))
        #expect(inside == (try Self.link(type, of: process)))
        // And it can be entered and ended like any other.
        #expect(try container.exec(script: "echo in").output == "in\n")
        #expect(try container.runtime("delete", "--force", container.id).succeeded)
        #expect(try holder.status() == "running")
    }

    /// config-linux.md, Namespaces: a path that is not a namespace of that type is an error.
    @Test(arguments: ["/proc/self/ns/uts", "/etc/hostname", "/no/such/path", "relative/path"])
    func ofAnotherTypeAreErrors(path: String) throws {
        let container = try Container("echo ran") {
            $0.remove(from: "linux.namespaces", where: "type", is: "network")
            $0.append(["type": "network", "path": .string(path)], to: "linux.namespaces")
        }
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
    }

    /// config-linux.md, Namespaces: one type twice is an error.
    @Test func twiceTheSameAreAnError() throws {
        let container = try Container { $0.append(["type": "network"], to: "linux.namespaces") }
        #expect(!(try container.create().succeeded))
    }

    /// config.md, Valid values: no other types.
    @Test(arguments: ["nothing", "mnt", ""]) func ofAnUnknownTypeAreErrors(type: String) throws {
        let container = try Container { $0.append(["type": .string(type)], to: "linux.namespaces") }
        #expect(!(try container.create().succeeded))
    }

    /// The payload is the first process.
    @Test func ofProcessesBeginWithThePayload() throws {
        let lines = try Container.lines("echo $$; ls -d /proc/[0-9]*")
        #expect(lines.first == "1")
        #expect(lines.contains("/proc/1"))
        #expect(lines.count <= 3)
    }

    /// There is a loopback interface, and nothing else.
    @Test func ofNetworksHaveALoopbackInterfaceThatIsUp() throws {
        let lines = try Container.lines("ls /sys/class/net; ip address show dev lo | grep -c 127.0.0.1")
        #expect(lines.contains("lo"))
        #expect(lines.last == "1")
    }

    // MARK: Names

    /// config.md, Hostname: inside, and the host keeps its own.
    @Test func haveTheHostname() throws {
        let before = try readText("/proc/sys/kernel/hostname")
        #expect(try Container.lines("hostname; uname -n") { $0["hostname"] = "inside" } == ["inside", "inside"])
        #expect(try readText("/proc/sys/kernel/hostname") == before)
    }

    /// config.md, Domainname: inside.
    @Test func haveTheDomainname() throws {
        let lines = try Container.lines("cat /proc/sys/kernel/domainname") { $0["domainname"] = "example.org" }
        #expect(lines == ["example.org"])
    }

    /// Without a namespace of its own it would be the host's.
    @Test func areNeededForAHostname() throws {
        let name = String(try readText("/proc/sys/kernel/hostname").prefix { $0 != "\n" })
        let container = try Container {
            $0.remove(from: "linux.namespaces", where: "type", is: "uts")
            $0["hostname"] = .string(name)
        }
        #expect(!(try container.create().succeeded))
    }

    /// config-linux.md, Offset for Time Namespace: clocks begin later.
    @Test(.enabled(if: exists("/proc/self/ns/time"), "the kernel has no time namespaces"))
    func canHaveAnotherTime() throws {
        let lines = try Container.lines("cut -d . -f 1 /proc/uptime; cat /proc/self/timens_offsets") {
            $0.append(["type": "time"], to: "linux.namespaces")
            $0["linux.timeOffsets"] = [
                "boottime": ["secs": 864_000, "nanosecs": 0], "monotonic": ["secs": 3600, "nanosecs": 0],
            ]
        }
        #expect((Int(lines.first ?? "") ?? 0) >= 864_000, "\(lines)")
    }

    /// config-linux.md, Network devices: moved into the container, under the name that is said, and up.
    @Test(.enabled(if: exists("/sbin/ip") || exists("/usr/sbin/ip"), "needs ip(8) to make a device"))
    func getTheDevices() throws {
        let container = try Container("ls /sys/class/net; cat /sys/class/net/inside/flags") {
            $0["linux.netDevices"] = ["outside": ["name": "inside"]]
        }
        let outcome = try container.onHost(
            """
            exec unshare --net sh -c 'ip link add outside type veth peer name other &&
                exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
        // A runtime that cannot do it says so, rather than leave a container without its device.
        if !outcome.succeeded, outcome.errors.contains("netDevices") { return }
        #expect(outcome.lines.contains("inside"), "\(outcome.report)")
        #expect((Int(outcome.lines.last?.dropFirst(2) ?? "", radix: 16) ?? 0) & 1 == 1, "\(outcome.report)")
    }

    /// config-linux.md, Network devices: an error where there is no such device.
    @Test func getNoDeviceThatDoesNotExist() throws {
        let container = try Container { $0["linux.netDevices"] = ["no-such-device": ["name": "inside"]] }
        #expect(!(try container.create().succeeded))
    }
}
