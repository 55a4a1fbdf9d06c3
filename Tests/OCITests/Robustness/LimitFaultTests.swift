import JSON
import Linux
import Testing

/// Less than a container needs of what the kernel gives out: a sentence, and a clean state.
@Suite("Limits that are too low", .enabled(if: OCIRuntime.isOwn, "\(OCIRuntime.ownReason)"))
struct LimitFaultTests {
    @Test(.enabled(if: Cgroups.has("memory"), "a memory limit needs the controller"))
    func onMemoryAreToldWhereTheyEndTheFirstProcess() throws {
        let container = try Container { $0["linux.resources.memory"] = ["limit": 65536] }
        let outcome = try container.create()
        outcome.expectSentence("ended before it ran the command", "memory limit")
        try container.expectNothing("memory")
    }

    /// A limit on processes that has been reached where the runtime is itself.
    @Test(
        .enabled(if: !Cgroups.isUnified && Cgroups.has("pids"), "pids of version 1 is not here"))
    func onProcessesOfTheRuntimeAreToldWhereNoneCanBeMade() throws {
        let container = try Container()
        let directory = "/sys/fs/cgroup/pids/\(container.cgroupName)-runtime"
        try makeDirectory(directory)
        defer { try? removeDirectory(directory) }
        try writeControlFile("\(directory)/pids.max", "1")
        let outcome = try container.onHost(
            #"echo $$ > \#(directory)/cgroup.procs; exec "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID""#)
        outcome.expectSentence("clone", "limit on the number of processes")
        try container.expectNothing("pids of the runtime")
    }

    @Test(.enabled(if: Cgroups.has("pids"), "a limit on processes needs the controller"))
    func onProcessesAreToldWhereNoneCanBeMade() throws {
        let container = try Container { $0.mapUsers() }
        let parent = container.cgroupName
        container.config["linux.cgroupsPath"] = .string("/\(parent)/below")
        _ = try Program.shell.run(
            ["-c", "find '\(container.rootfs)' ! -name busybox -exec chown -h 100000:100000 {} +"])
        // The init stage forks: its own limit of one is in the way.
        container.config["linux.resources.pids"] = ["limit": 1]
        let outcome = try container.create()
        outcome.expectSentence("clone", "limit on the number of processes")
        #expect(Cgroups.directories(named: "\(parent)/below") == [])
        try removeParents(parent)
        try container.expectNothing("pids")
    }

    private func removeParents(_ name: String) throws {
        for directory in Cgroups.directories(named: name) { try removeDirectory(directory) }
    }

    /// In version 1 nothing runs in a cgroup without processors.
    @Test(
        .enabled(if: !Cgroups.isUnified && Cgroups.has("cpuset"), "cpuset of version 1 is not here"))
    func ofProcessorsThatAreNoneAreTold() throws {
        let container = try Container { $0["linux.resources.cpu"] = ["cpus": "4095"] }
        try container.create().expectSentence("cpuset.cpus", "cgroup")
        try container.expectNothing("cpuset")
    }

    /// From so few descriptors that nothing can be opened to as many as are needed.
    @Test func onOpenFilesLeaveNothingWhereTheyAreReached() throws {
        let container = try Container()
        var failures = 0
        for limit in 4..<28 {
            let outcome = try container.onHost(
                #"ulimit -n \#(limit); exec "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID""#)
            if outcome.succeeded {
                try container.expectCleanDeletion("\(limit) files")
                continue
            }
            failures += 1
            outcome.expectSentence("oo many open files")
            try container.expectNothing("\(limit) files")
        }
        #expect((1..<24).contains(failures))
    }

    /// What cannot be opened is not taken for something that is not there.
    @Test func onOpenFilesDoNotMakeADeletionForgetWhatRuns() throws {
        let container = try Container.running()
        for limit in 4..<12 {
            let outcome = try container.onHost(
                #"ulimit -n \#(limit); exec "$RUNTIME" --root "$ROOT" delete --force "$ID""#)
            if outcome.succeeded { break }
            outcome.expectSentence()
            try container.expectSaneState("\(limit) files")
        }
        try container.expectCleanDeletion("enough files")
    }

    /// A runtime without memory ends as if it were killed: nothing is left that cannot be deleted.
    @Test func onAddressSpaceLeaveNothingThatCannotBeDeleted() throws {
        let container = try Container()
        for kilobytes in stride(from: 2048, through: 65536, by: 3072) {
            let outcome = try container.onHost(
                #"ulimit -v \#(kilobytes); exec "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID""#)
            if !outcome.succeeded, case .exited = outcome.status {
                #expect(outcome.errors != "", "\(kilobytes) kB")
            }
            try container.expectSaneState("\(kilobytes) kB")
            try container.expectCleanDeletion("\(kilobytes) kB")
        }
    }

    /// A cgroup that others are in is theirs: a container that fails to be made there leaves them alone.
    @Test func ofAnotherContainersCgroupAreNotTouched() throws {
        let other = try Container.running()
        let container = try Container { $0["linux.cgroupsPath"] = .string("/\(other.cgroupName)") }
        try container.create().expectSentence("is in use")
        // Nor where it fails before it comes to the cgroup, or is killed there.
        let full = try container.onHost(
            """
            exec unshare --mount --propagation private /bin/sh -c '
            mount -t tmpfs -o nr_inodes=3 tmpfs "$ROOT"
            exec "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID"'
            """)
        #expect(!full.succeeded)
        #expect(try other.status() == "running")
        try other.expectCleanDeletion("another's")
    }
}
