import Linux
import Testing

@Suite("Capabilities")
struct CapabilityTests {
    @Test func haveTheKernelsNamesAndNumbers() {
        #expect(Capability.chown.name == "CAP_CHOWN")
        #expect(Capability.sysAdmin.name == "CAP_SYS_ADMIN")
        #expect(Capability.sysAdmin.rawValue == 21)
        #expect(Capability.setfcap.rawValue == 31)
        #expect(Capability.checkpointRestore.rawValue == 40)
        #expect(Capability.allCases.count == 41)
    }

    @Test func makeAMaskAsTheKernelPrintsIt() {
        let set: CapabilitySet = [.chown, .kill, .sysAdmin]
        #expect(set.mask == 1 << 0 | 1 << 5 | 1 << 21)
        #expect(set.contains(.kill))
        #expect(!set.contains(.mknod))
        #expect("\(set)" == "CAP_CHOWN CAP_KILL CAP_SYS_ADMIN")
        #expect("\(CapabilitySet(mask: 0))" == "none")
    }
}
