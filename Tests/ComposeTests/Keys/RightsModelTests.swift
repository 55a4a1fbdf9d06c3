import Linux
import OrderedCollections
import Testing

@testable import Compose

/// What a stack file says about the rights of a service.
struct RightsModelTests {
    private func rights(_ keys: String) throws -> ServiceRights {
        let text = "services: {web: {rootfs: rootfs, command: sleep 1, \(keys)}}"
        return try #require(load(text).stack?.services.values.first).rights
    }

    private func problems(_ keys: String) -> [String] {
        summaries("services:\n  web:\n    rootfs: rootfs\n    command: sleep 1\n    \(keys)\n")
    }

    @Test func usuallyAreTheStandardOnes() throws {
        let rights = try rights("cap_add: []")
        #expect(rights == ServiceRights())
        #expect(rights.noNewPrivileges && !rights.isPrivileged && rights.seccomp == .standard)
    }

    @Test(
        arguments: [
            ("cap_add: [NET_ADMIN, CAP_SYS_TIME]", [.chown, .kill, .netAdmin, .sysTime]),
            ("cap_drop: [chown]", [.kill]),
            ("cap_drop: [ALL]", []),
            ("cap_drop: [all], cap_add: [cap_chown]", [.chown]),
            ("cap_add: [ALL], cap_drop: [SYS_ADMIN]", [.chown, .kill, .netAdmin, .sysTime, .bpf]),
            ("cap_add: [BPF], cap_drop: [BPF]", [.chown, .kill]),
        ] as [(String, CapabilitySet)]
    )
    func capabilitiesChangeTheUsualOnes(keys: String, expected: CapabilitySet) throws {
        let available: CapabilitySet = [.chown, .kill, .netAdmin, .sysTime, .bpf, .sysAdmin]
        #expect(try rights(keys).capabilities.applied(to: [.chown, .kill], available: available) == expected)
    }

    @Test func whatCannotBeHadIsKnown() throws {
        let change = try rights("cap_add: [BPF, SYS_TIME], cap_drop: [SYS_TIME]").capabilities
        #expect(change.missing(from: [.chown]) == [.bpf])
        #expect(change.missing(from: [.bpf]).isEmpty)
    }

    @Test func aPrivilegedServiceIsNotFilteredUnlessItSaysSo() throws {
        #expect(try rights("privileged: true").seccomp == .unconfined)
        #expect(try rights("privileged: true").noNewPrivileges)
        #expect(try rights("privileged: false").seccomp == .standard)
    }

    @Test func devicesAreReadWithTheirRules() throws {
        let rights = try rights(
            "devices: [/dev/fuse, \"/dev/zero:/dev/mine:r\"], device_cgroup_rules: [\"c 189:* rwm\", \"a *:* r\"]")
        #expect(
            rights.devices == [
                ServiceDevice(source: "/dev/fuse", target: "/dev/fuse", permissions: "rwm"),
                ServiceDevice(source: "/dev/zero", target: "/dev/mine", permissions: "r"),
            ])
        #expect(
            rights.deviceRules == [ServiceDeviceRule("c 189:* rwm"), ServiceDeviceRule("a *:* r")].compactMap { $0 })
        #expect(rights.deviceRules.first?.major == 189 && rights.deviceRules.first?.minor == nil)
    }

    @Test(
        arguments: [
            (
                "cap_add: [NET_ADMN]",
                "5:15: there is no capability \"NET_ADMN\": write one of capabilities(7), or ALL (did you mean "
                    + "\"NET_ADMIN\"?)"
            ),
            (
                "devices: [\"vendor.com/gpu=all\"]",
                "5:15: expected a path (device classes are not to be had) for \"devices\" in service \"web\", found "
                    + "\"vendor.com/gpu=all\""
            ),
            (
                "devices: [\"/dev/a:/dev/b:x\"]",
                "5:15: expected permissions of r, w and m for \"devices\" in service \"web\", found \"x\""
            ),
            (
                "device_cgroup_rules: [\"c 1:3\"]",
                "5:27: expected a rule such as \"c 189:* rwm\" for \"device_cgroup_rules\" in service \"web\", found "
                    + "\"c 1:3\""
            ),
            (
                "group_add: [\"a:b\"]",
                "5:17: expected the name or the number of a group for \"group_add\" in service \"web\", found \"a:b\""
            ),
            (
                "security_opt: [\"label:type:x\"]",
                "5:20: labels of SELinux are not set: leave \"label:type:x\" out"
            ),
            (
                "security_opt: [\"apparmor=mine\"]",
                "5:20: \"apparmor=mine\" cannot hold: this machine does without AppArmor; leave it out"
            ),
        ]
    )
    func whatCannotBeIsToldWithItsPlace(keys: String, message: String) {
        #expect(problems(keys) == ["stack.yaml:\(message)"])
    }

    @Test func aProfileOfAppArmorIsGoodWhereThereIsOne() {
        var host = FakeHost()
        host.files["/sys/module/apparmor/parameters/enabled"] = "Y\n"
        let text = "services: {web: {rootfs: rootfs, command: sleep 1, security_opt: [\"apparmor:mine\"]}}"
        #expect(load(text, host: host).stack?.services.values.first?.rights.appArmorProfile == "mine")
        // Nothing to be had is as good as unconfined.
        #expect(load(text.replacing("mine", with: "unconfined")).stack != nil)
    }
}
