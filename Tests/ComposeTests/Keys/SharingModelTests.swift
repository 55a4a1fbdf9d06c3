import OrderedCollections
import Testing

@testable import Compose

/// What a stack file says about what services share and how they find others.
struct SharingModelTests {
    private func service(_ keys: String) throws -> Service {
        let text =
            "services: {db: {rootfs: rootfs, command: sleep 1}, web: {rootfs: rootfs, command: sleep 1, \(keys)}}"
        return try #require(load(text).stack?.services.values.last)
    }

    private func problems(_ keys: String) -> [String] {
        summaries("services:\n  web:\n    rootfs: rootfs\n    command: sleep 1\n    \(keys)\n")
    }

    @Test func namespacesAreOwnUnlessTheyAreShared() throws {
        #expect(try service("ipc: private, uts: \"\"").namespaces == ServiceNamespaces())
        #expect(try service("ipc: shareable").namespaces.isShareable)
        let db = try #require(ServiceName("db"))
        let shared = try service("ipc: host, pid: \"service:db\", uts: host, cgroup: host, userns_mode: host")
            .namespaces
        #expect(shared.ipc == .host && shared.processes == .service(db) && shared.names == .host)
        #expect(!shared.hidesCgroups && shared.services == [db])
        #expect(try !service("ipc: none").namespaces.hasSharedMemory)
    }

    @Test func whoSharesWaitsForTheOther() throws {
        let web = try service("network_mode: \"service:db\"")
        #expect(web.network == .service(try #require(ServiceName("db"))))
        #expect(web.dependencies.map(\.service.text) == ["db"])
    }

    @Test(
        arguments: [
            (
                "ipc: \"container:x\"",
                "5:10: expected host, private, none or service:NAME for \"ipc\" in service \"web\", found \"container:x\""
            ),
            (
                "userns_mode: remap",
                "5:18: expected host, which is the same as to leave it out for \"userns_mode\" in service \"web\", found \"remap\""
            ),
            (
                "dns: dns.example",
                "5:10: expected the IP address of a name server for \"dns\" in service \"web\", found \"dns.example\""
            ),
            (
                "extra_hosts: [\"db=nowhere\"]",
                "5:19: expected NAME=ADDRESS for \"extra_hosts\" in service \"web\", found \"db=nowhere\""
            ),
        ]
    )
    func whatCannotBeIsToldWithItsPlace(keys: String, message: String) {
        #expect(problems(keys) == ["stack.yaml:\(message)"])
    }

    @Test func memoryIsSharedWithWhoeverAllowsIt() {
        let text =
            "services:\n  a: {rootfs: rootfs, command: sleep 1}\n  b: {rootfs: rootfs, command: sleep 1, ipc: \"service:a\"}"
        #expect(
            summaries(text) == [
                "stack.yaml:3:46: service \"b\" shares \"ipc\" with \"a\", which has to allow it: set \"ipc: shareable\" there"
            ])
        #expect(summaries(text.replacing("sleep 1}\n", with: "sleep 1, ipc: shareable}\n")).isEmpty)
    }

    @Test func aSharedHostNameIsNobodysOwn() {
        #expect(
            problems("uts: host\n    hostname: h") == [
                "stack.yaml:6:15: service \"web\" shares its host name by \"uts\": it cannot have one of its own"
            ])
    }

    @Test func hostsHaveTheNamesOfTheServiceAndItsOwnOnes() throws {
        let resolution = try service("extra_hosts: {a: 10.0.0.1, b: \"::1\", gate: host-gateway}").resolution
        #expect(
            resolution.hostsFile(of: "127.0.0.1 localhost", names: ["box.example", "box"]) == """
                127.0.0.1 localhost
                127.0.1.1 box.example box
                10.0.0.1 a
                ::1 b
                127.0.0.1 gate

                """)
        #expect(resolution.hostsFile(of: nil, names: []).hasPrefix("127.0.0.1 localhost\n::1 localhost"))
    }

    @Test func theResolverIsTheMachinesButForWhatIsSaid() throws {
        let machine = "# by hand\nnameserver 9.9.9.9\nsearch old\noptions rotate\n"
        #expect(
            try service("dns: 1.1.1.1").resolution.resolverFile(of: machine)
                == "nameserver 1.1.1.1\nsearch old\noptions rotate\n")
        #expect(
            try service("dns_search: [a, b], dns_opt: [\"ndots:2\"]").resolution.resolverFile(of: machine)
                == "search a b\noptions ndots:2\nnameserver 9.9.9.9\n")
        #expect(
            try service("dns_search: .").resolution.resolverFile(of: machine) == "nameserver 9.9.9.9\noptions rotate\n")
        #expect(try service("hostname: h").resolution.isOfMachine)
    }
}
