import JSON
import Linux
import Testing

@Suite("Kernel file systems cannot be replaced", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct KernelFileSystemTests {
    /// CVE-2025-52881, CVE-2019-19921: a volume over /proc, so that what the runtime writes there goes elsewhere.
    @Test(arguments: ["/proc", "/proc/self", "/proc/self/attr", "/proc/1/attr", "/proc/sys/net", "/proc/sys"])
    func noVolumeIsMountedOverProc(place: String) throws {
        let container = try Container("echo ran")
        let fake = try container.directory.makeSubdirectory("fake")
        try container.directory.write("fake/attr/exec")
        try container.directory.write("fake/self/attr/exec")
        container.config.bind(fake, on: place, "rw")
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
        #expect(try readText("\(fake)/attr/exec") == "")
    }

    @Test(arguments: ["/proc/sys/net", "/proc/1/attr", "/proc/self/attr", "/proc/sys/kernel"])
    func noTmpfsIsMountedInProc(place: String) throws {
        let container = try Container("echo ran") { $0.mount("tmpfs", on: place, "nosuid") }
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
    }

    /// The files that engines put over those of /proc, to show a container its own limits, are no danger.
    @Test(arguments: ["cpuinfo", "meminfo", "uptime", "stat", "loadavg", "swaps", "diskstats"])
    func filesThatDescribeTheMachineMayBeReplaced(name: String) throws {
        let container = try Container("cat /proc/\(name)")
        let file = try container.directory.write("fake", "fake\n")
        container.config.bind(file, on: "/proc/\(name)", "ro")
        let outcome = try container.run()
        #expect(outcome.output == "fake\n", "\(outcome.report)")
    }

    /// CVE-2025-52881: a sysctl goes to the kernel, or nowhere: not to a file that the image puts in its place.
    @Test func aSysctlIsNotWrittenToAFileOfTheImage() throws {
        let container = try Container("echo ran; cat /proc/sys/net/ipv4/ip_forward") {
            $0["linux.sysctl"] = .object([("net.ipv4.ip_forward", "1")])
            $0.remove(from: "mounts", where: "destination", is: "/proc")
        }
        let file = try container.directory.write("bundle/rootfs/proc/sys/net/ipv4/ip_forward", "image")
        let outcome = try container.run()
        #expect(try readText(file) == "image", "\(outcome.report)")
    }

    /// CVE-2025-52881: nor to a parameter of the host by way of one that the container may set.
    @Test(
        arguments: [
            ("net/../kernel/domainname", "domainname"), ("net.ipv4/../../kernel/domainname", "domainname"),
            ("net/ipv4/../../kernel/hostname", "hostname"), ("net.././kernel.hostname", "hostname"),
        ])
    func aSysctlStaysInItsNamespace(name: String, target: String) throws {
        // The value that is there already: no harm where it is written.
        let value = String(try readText("/proc/sys/kernel/\(target)").prefix { $0 != "\n" })
        let container = try Container("echo ran") {
            $0["linux.sysctl"] = .object([(name, .string(value))])
            $0.remove(from: "linux.namespaces", where: "type", is: "uts")
        }
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
    }

    /// A parameter of the whole machine is none of a container's.
    @Test(arguments: [
        "kernel.core_pattern", "vm.swappiness", "fs.file-max", "kernel.panic", "kernel.modprobe", "kernel.sysrq",
        "fs.binfmt_misc.register", "kernel.hostname.evil", "nothing.at.all",
    ])
    func aSysctlOfTheHostIsRefused(name: String) throws {
        let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
        let before = try? readText(path)
        // The value that is there already: no harm where it is accepted.
        let value = before.map { String($0.prefix { $0 != "\n" }) } ?? "1"
        let container = try Container("echo ran") { $0["linux.sysctl"] = .object([(name, .string(value))]) }
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
    }

    /// Without a namespace of its own, a container's parameter is the host's.
    @Test(
        arguments: [
            ("network", "net.ipv4.ip_forward"), ("ipc", "kernel.shmmax"), ("ipc", "kernel.msgmax"),
            ("ipc", "fs.mqueue.msg_max"), ("uts", "kernel.domainname"),
        ])
    func aSysctlNeedsItsNamespace(namespace: String, name: String) throws {
        let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
        let value = String(try readText(path).prefix { $0 != "\n" })
        let container = try Container("echo ran") {
            $0["linux.sysctl"] = .object([(name, .string(value))])
            $0.remove(from: "linux.namespaces", where: "type", is: namespace)
        }
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
    }
}
