import JSON
import Linux
import Testing

@Suite("Kernel parameters", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct SysctlTests {
    /// config-linux.md, Sysctl: set in the container, and not on the host.
    @Test(
        arguments: [
            ("net.ipv4.ip_forward", "1"), ("net.core.somaxconn", "256"), ("net/ipv4/ip_default_ttl", "77"),
            ("kernel.shmmax", "1000000"), ("kernel.msgmax", "4096"), ("fs.mqueue.queues_max", "20"),
            ("kernel.domainname", "example.org"), ("net.ipv4.conf.lo.forwarding", "1"),
        ]) func areSetInTheContainer(name: String, value: String) throws
    {
        let separator: Character = name.contains("/") ? "/" : "."
        let path = "/proc/sys/" + name.split(separator: separator).joined(separator: "/")
        let before = try readText(path)
        let lines = try Container.lines("cat \(path)") { $0["linux.sysctl"] = .object([(name, .string(value))]) }
        #expect(lines == [value])
        #expect(try readText(path) == before)
    }

    @Test func areAnErrorWithAValueTheKernelRefuses() throws {
        let container = try Container { $0["linux.sysctl"] = .object([("net.ipv4.ip_forward", "nonsense")]) }
        #expect(!(try container.create().succeeded))
    }
}
