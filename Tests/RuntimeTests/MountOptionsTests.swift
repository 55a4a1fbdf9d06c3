import Linux
import Testing

@testable import Runtime

@Suite("Mount options")
struct MountOptionsTests {
    @Test func areFlagsAndWhatIsLeftForTheFileSystem() {
        let options = MountOptions("ro,noexec,size=64m,mode=1777")
        #expect(options.flags == [.readOnly, .noExecution])
        #expect(options.data == "size=64m,mode=1777")
    }

    @Test func changeTheDefaultsAndTheLastWordCounts() {
        #expect(MountOptions("exec,rw", defaults: [.noExecution, .noDevices]).flags == [.noDevices])
        #expect(MountOptions("ro,rw").flags == [])
        #expect(MountOptions("rw,ro").flags == .readOnly)
        #expect(MountOptions("nosuid,suid,dev", defaults: .noDevices).flags == [])
        #expect(MountOptions("atime", defaults: .noAccessTime).flags == [])
    }

    @Test func ofNothingAreTheDefaults() {
        #expect(MountOptions("", defaults: .noDevices) == MountOptions("defaults,,", defaults: .noDevices))
        #expect(MountOptions("").data == "")
    }
}
