import Linux
import Testing

@testable import Runtime

@Suite("What the doctor says of a caller")
struct CallerFindingTests {
    private var host = FakeDoctorHost.complete
    private var usersHost = FakeDoctorHost.completeForUser

    @Test func rootIsNeeded() {
        #expect(CallerCheck().verdicts(on: host) == ["ok user: root"])
        #expect(CallerCheck().verdicts(on: usersHost) == ["warning user: user 1000, not root"])
    }

    @Test mutating func whatRootCannotDoIsNamed() throws {
        #expect(CapabilityCheck().verdicts(on: host) == ["ok capabilities: all that containers are made with"])
        host.boundingSet = CapabilitySet(Capability.allCases.filter { $0 != .sysResource && $0 != .sysAdmin })
        #expect(
            CapabilityCheck().verdicts(on: host) == [
                "missing! capabilities: not to be had: CAP_SYS_ADMIN",
                "missing capabilities: not to be had: CAP_SYS_RESOURCE",
            ])
        host.boundingSet = CapabilitySet(Capability.allCases.filter { $0 != .mknod && $0 != .kill })
        #expect(CapabilityCheck().verdicts(on: host) == ["missing! capabilities: not to be had: CAP_KILL CAP_MKNOD"])
        #expect(CapabilityCheck().verdicts(on: usersHost) == [])
    }

    @Test mutating func distributionsKeepUserNamespacesFromOrdinaryUsers() {
        #expect(UnprivilegedNamespaceCheck().verdicts(on: host) == [])
        #expect(
            UnprivilegedNamespaceCheck().verdicts(on: usersHost) == ["ok user namespaces: for ordinary users, too"])
        usersHost.files["/proc/sys/kernel/unprivileged_userns_clone"] = "0\n"
        usersHost.files["/proc/sys/kernel/apparmor_restrict_unprivileged_userns"] = "1\n"
        #expect(
            UnprivilegedNamespaceCheck().verdicts(on: usersHost) == [
                "missing user namespaces: not for ordinary users: /proc/sys/kernel/unprivileged_userns_clone is 0",
                "missing user namespaces: not for ordinary users: "
                    + "/proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1",
            ])
    }

    @Test mutating func rangesAreOfTheUserByNameOrNumber() {
        #expect(SubordinateCheck().verdicts(on: host) == [])
        #expect(
            SubordinateCheck().verdicts(on: usersHost) == [
                "ok subuid: 65536 for user 1000", "ok subgid: 65536 for user 1000", "ok newuidmap: /usr/bin/newuidmap",
                "ok newgidmap: /usr/bin/newgidmap",
            ])
        usersHost.files["/etc/subuid"] = "adam:100000:65536\nada:1:10\nada:x\n1000:20:20\n"
        usersHost.files["/etc/subgid"] = nil
        usersHost.privileged = []
        usersHost.executable = ["/opt/newuidmap"]
        usersHost.variables["PATH"] = "/bin:/opt"
        #expect(
            SubordinateCheck().verdicts(on: usersHost) == [
                "warning subuid: 30 for user 1000 in /etc/subuid", "missing subgid: none for user 1000 in /etc/subgid",
                "missing newuidmap: /opt/newuidmap has neither the set-user-id bit nor capabilities",
                "missing newgidmap: not installed",
            ])
        let remedies = SubordinateCheck().findings(on: usersHost).map(\.remedy)
        #expect(remedies[1] == "usermod --add-subgids 100000-165535 ada")
    }

    @Test mutating func aDirectoryIsWritableOrToBeMade() {
        let check = StorageCheck(path: "/run/gocker", contents: "what runs", least: .mebibytes(16))
        #expect(check.verdicts(on: host) == ["ok /run/gocker: 10GiB free"])
        host.space = .mebibytes(3)
        #expect(check.verdicts(on: host) == ["warning /run/gocker: 3MiB free"])
        host.writable = []
        #expect(check.verdicts(on: host) == ["missing /run/gocker: not there, and not to be made"])
        host.files["/run/gocker/x"] = ""
        #expect(check.verdicts(on: host) == ["missing /run/gocker: not to be written to"])
    }

    @Test mutating func whereLayersAreIsNoOverlay() {
        let check = StorageCheck(path: "/run/gocker", contents: "layers", least: .mebibytes(16), holdsLayers: true)
        #expect(check.verdicts(on: host) == ["ok /run/gocker: 10GiB free"])
        host.kinds["/run"] = .overlay
        #expect(check.verdicts(on: host) == ["warning /run/gocker: on an overlay, as in a container"])
    }
}
