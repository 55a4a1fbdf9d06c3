import Linux
import Testing

@testable import Runtime

@Suite("Names of containers")
struct ContainerNameTests {
    @Test(arguments: ["a", "web-1.2_x+y", "-a", "9", String(repeating: "x", count: 128)])
    func areOneComponentOfAPath(text: String) {
        #expect(ContainerName(text)?.description == text)
    }

    @Test(arguments: ["", ".", "..", ".hidden", "a/b", "a b", "a\n", "ä", "a\u{0}", String(repeating: "x", count: 129)])
    func areNothingElse(text: String) {
        #expect(ContainerName(text) == nil)
    }

    @Test func areTwelveHexadecimalDigitsWhereNobodyChoseOne() throws {
        let names = try (0..<50).map { _ in try ContainerName.random().description }
        #expect(names.allSatisfy { $0.count == 12 && $0.allSatisfy(\.isHexDigit) })
        #expect(Set(names).count == 50)
    }
}

@Suite("Errors of the runtime")
struct RuntimeErrorTests {
    @Test(
        arguments: [
            (.execution(SystemError("exec", "/x", .noSuchFileOrDirectory)), 127, "exec /x: No such file or directory"),
            (.execution(SystemError("exec", "/x/y", .notDirectory)), 127, "exec /x/y: Not a directory"),
            (.execution(SystemError("exec", "/x", .permissionDenied)), 126, "exec /x: Permission denied"),
            (.execution(SystemError("exec", "/x", .execFormat)), 126, "exec /x: Exec format error"),
            (
                .execution(SystemError("exec", "\"x\": executable file not found in $PATH", .noSuchFileOrDirectory)),
                127,
                "exec \"x\": executable file not found in $PATH"
            ),
            (.setup(SystemError("mount", "p", .noSuchFileOrDirectory)), 125, "mount p: No such file or directory"),
            (
                .setup(SystemError("pivot_root", ".", .operationNotPermitted)), 125,
                "pivot_root .: Operation not permitted (a filter of system calls forbids it; in a container of Docker's: "
                    + "--security-opt seccomp=unconfined)"
            ),
            (
                .setup(SystemError("clone", "", .notImplemented)), 125,
                "clone: Function not implemented (gocker doctor says what is missing here)"
            ),
            (
                .setup(SystemError("set the propagation of", "/", .permissionDenied)), 125,
                "set the propagation of /: Permission denied "
                    + "(AppArmor forbids it; in a container of Docker's: --security-opt apparmor=unconfined)"
            ),
            (.cgroup(.system(SystemError("mkdir", "/c", .busy))), 125, "cgroup: mkdir /c: Device or resource busy"),
            (.user(.unknownGroup("g")), 125, "no group \"g\" in the container's /etc/group"),
            (.root(SystemError("open", "/r", .notDirectory)), 125, "root file system /r: Not a directory"),
        ] as [(RuntimeError, Int32, String)])
    func haveAnExitCodeAndASentence(error: RuntimeError, code: Int32, text: String) {
        #expect(error.exitCode == code)
        #expect("\(error)" == text)
    }

    @Test func aKernelThatIsTooOldIsNamed() throws {
        #expect(RuntimeError.hint(onKernel: KernelVersion("5.10.0-32-amd64")) == "")
        #expect(
            RuntimeError.hint(onKernel: KernelVersion("5.4.0-216-generic"))
                == " (this is Linux 5.4; Gocker needs 5.10 or newer)")
        #expect(try #require(KernelVersion("5.9")) < #require(KernelVersion("5.12.3")))
        #expect(KernelVersion("Linux") == nil)
        #expect(try #require(KernelVersion.running) > KernelVersion(major: 4, minor: 0))
    }
}
