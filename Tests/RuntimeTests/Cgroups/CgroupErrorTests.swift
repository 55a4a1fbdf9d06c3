import Linux
import Testing

@testable import Runtime

@Suite("Errors of cgroups")
struct CgroupErrorTests {
    @Test(
        arguments: [
            (
                CgroupError.refused(file: "/cg/memory/x/memory.limit_in_bytes", value: "4096", .busy),
                "cgroup: write 4096 to /cg/memory/x/memory.limit_in_bytes: Device or resource busy"
                    + " (more than that is in use, and could not be freed)"
            ),
            (
                .refused(file: "/cg/memory/x/memory.memsw.limit_in_bytes", value: "1", .noSuchFileOrDirectory),
                "cgroup: write 1 to /cg/memory/x/memory.memsw.limit_in_bytes: No such file or directory"
                    + " (this kernel does not count swap space; boot it with swapaccount=1)"
            ),
            (
                .refused(file: "/cg/x/io.max", value: "1:1 rbps=1", .noSuchDevice),
                "cgroup: write 1:1 rbps=1 to /cg/x/io.max: No such device (there is no such block device)"
            ),
            (
                .refused(file: "/cg/x/io.weight", value: "100", .noSuchFileOrDirectory),
                "cgroup: write 100 to /cg/x/io.weight: No such file or directory"
                    + " (block devices have weights only with the BFQ scheduler or iocost)"
            ),
            (
                .refused(file: "/cg/x/hugetlb.3MB.max", value: "0", .noSuchFileOrDirectory),
                "cgroup: write 0 to /cg/x/hugetlb.3MB.max: No such file or directory"
                    + " (this kernel has no huge pages of that size)"
            ),
            (
                .system(SystemError("mkdir", "/sys/fs/cgroup/x", .permissionDenied)),
                "cgroup: mkdir /sys/fs/cgroup/x: Permission denied"
                    + " (the cgroup is not ours to change: run as root, or have it delegated)"
            ),
            (
                .system(SystemError("enable controllers in", "/cg/a/cgroup.subtree_control", .busy)),
                "cgroup: enable controllers in /cg/a/cgroup.subtree_control: Device or resource busy"
                    + " (processes are in the cgroup itself; move them into one below it)"
            ),
            (
                .belowUsage(limit: 10, usage: 20),
                "memory limit of 10 bytes: 20 bytes are in use, and would be made room in by killing"
            ),
            (
                .path("a.slice:b:c", "no"), "cgroup path \"a.slice:b:c\": no"
            ),
            (
                .frozen("a/b"),
                "cgroup a/b is frozen: nothing started in it would run; thaw it or its parent, or use another path"
            ),
            (.setting("memory.swap", "why"), "memory.swap: why"),
        ] as [(CgroupError, String)])
    func sayWhatWasAttemptedAndWhatHelps(error: CgroupError, text: String) {
        #expect("\(error)" == text)
    }
}
