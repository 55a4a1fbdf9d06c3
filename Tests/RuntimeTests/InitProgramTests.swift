import Linux
import Testing

@testable import Runtime

@Suite("A container's init program")
struct InitProgramTests {
    private var spec = ContainerSpec(
        process: ProcessSpec(arguments: ["/bin/sh", "-c", "exit"], environment: ["A=1"]), root: RootSpec(path: "/r"),
        hostname: "web", mounts: MountSpec.standard, linux: LinuxSpec())

    /// The lines of the program that `change` makes of the default one: those that went, and those that came.
    private func changes(
        context: InitProgram.Context = InitProgram.Context(), _ change: (inout ContainerSpec) -> Void = { _ in }
    ) -> (removed: [String], added: [String]) {
        let before = InitProgram(spec, filter: nil).description.split(separator: "\n").map(String.init)
        var changed = spec
        change(&changed)
        let after = InitProgram(changed, filter: nil, context: context).description.split(separator: "\n").map(
            String.init)
        let difference = after.difference(from: before)
        return (difference.removals.map(\.text), difference.insertions.map(\.text))
    }

    @Test func isThisByDefault() {
        let expected = """
            unshare cgroup namespace
            make mounts private
            open root /r
            mount proc on /proc (nosuid,nodev,noexec)
            mount tmpfs on /dev (nosuid,noexec,strictatime,mode=755,size=65536k)
            mount devpts on /dev/pts (nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5)
            mount tmpfs on /dev/shm (nosuid,nodev,noexec,mode=1777,size=65536k)
            mount mqueue on /dev/mqueue (nosuid,nodev,noexec)
            mount sysfs on /sys (ro,nosuid,nodev,noexec)
            populate /dev
            mask /proc/acpi
            mask /proc/asound
            mask /proc/interrupts
            mask /proc/kcore
            mask /proc/keys
            mask /proc/latency_stats
            mask /proc/sched_debug
            mask /proc/scsi
            mask /proc/timer_list
            mask /proc/timer_stats
            mask /sys/devices/virtual/powercap
            mask /sys/firmware
            make read-only /proc/bus
            make read-only /proc/fs
            make read-only /proc/irq
            make read-only /proc/sys
            make read-only /proc/sysrq-trigger
            set hostname web
            pivot root
            start session
            set umask 022
            enter directory /
            limit bounding set to \(standardCapabilities)
            become 0:0
            set capabilities \(standardCapabilities)
            set no_new_privs
            prepare execution
            execute [/bin/sh -c exit]
            """
        #expect(InitProgram(spec, filter: nil).description == expected)
    }

    private let standardCapabilities =
        "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_FSETID CAP_KILL CAP_SETGID CAP_SETUID CAP_SETPCAP "
        + "CAP_NET_BIND_SERVICE CAP_NET_RAW CAP_SYS_CHROOT CAP_MKNOD CAP_AUDIT_WRITE CAP_SETFCAP"

    @Test func putsChangesInMemoryOrInALayer() {
        let memory = changes { $0.root.changes = .temporary }
        #expect(memory == (["open root /r"], ["open root /r, changes in memory"]))
        let layer = changes { $0.root.changes = .layer(upper: "/u", work: "/w") }
        #expect(layer == (["open root /r"], ["open root /r, changes in /u"]))
    }

    @Test func makesTheRootReadOnlyOnceAllIsInPlace() {
        var readOnly = spec
        readOnly.root.readOnly = true
        let lines = InitProgram(readOnly, filter: nil).description.split(separator: "\n")
        #expect(changes { $0.root.readOnly = true } == ([], ["make read-only /"]))
        #expect(lines.firstIndex(of: "make read-only /").map { lines[$0 + 1] } == "pivot root")
    }

    @Test func opensATerminalInTheContainer() {
        #expect(changes { $0.process.terminal = true } == ([], ["open terminal 80x24"]))
        var context = InitProgram.Context()
        context.terminalSize = TerminalSize(columns: 132, rows: 50)
        #expect(changes(context: context) { $0.process.terminal = true } == ([], ["open terminal 132x50"]))
    }

    @Test func raisesLoopbackInANetworkOfItsOwn() {
        #expect(changes { $0.linux.namespaces.insert(.network) } == ([], ["bring up lo"]))
    }

    @Test func makesStagesOfNamespacesThatAreOthersOrHaveMappings() {
        var context = InitProgram.Context()
        context.joined = [InitProgram.Context.Joined(descriptor: 4, kinds: .network)]
        let joined = changes(context: context) {
            $0.linux.namespaces.remove(.network)
            $0.linux.joinedNamespaces = [JoinedNamespace(.network, path: "/proc/1/ns/net")]
        }
        #expect(joined.removed == ["unshare cgroup namespace"])
        #expect(joined.added == ["join network namespace", "unshare cgroup, ipc, mount, pid, uts namespace", "fork"])
        let mapped = changes { $0.linux.namespaces.insert(.user) }
        #expect(
            mapped.added == [
                "unshare user namespace", "wait for the identity mappings", "become root of the user namespace",
                "unshare cgroup, ipc, mount, pid, uts namespace", "fork",
            ])
    }

    @Test func waitsForHooksBeforeTheRootIsTheContainers() {
        let lines = InitProgram(
            spec(hooks: { $0.createContainer = [Hooks.Hook(path: "/h", arguments: [])] }), filter: nil
        ).description.split(separator: "\n")
        let place = lines.firstIndex(of: "wait for the hooks")
        #expect(
            place.map { lines[$0...].prefix(3) } == ["wait for the hooks", "run hooks createContainer", "pivot root"])
    }

    private func spec(hooks change: (inout Hooks) -> Void) -> ContainerSpec {
        var spec = spec
        change(&spec.hooks)
        return spec
    }

    @Test func isDoneAsTheContextSays() {
        var context = InitProgram.Context()
        context.taskFiles = ["/cg/pids/x/tasks"]
        context.movesRoot = true
        context.announces = true
        let difference = changes(context: context)
        #expect(difference.removed == ["pivot root"])
        #expect(difference.added == ["enter cgroup /cg/pids/x/tasks", "move root", "announce"])
    }

    @Test func entersTheCgroupBeforeItLeavesTheOldNamespace() {
        var context = InitProgram.Context()
        context.taskFiles = ["/a/tasks", "/b/tasks"]
        let lines = InitProgram(spec, filter: nil, context: context).description.split(separator: "\n")
        #expect(lines.prefix(3) == ["enter cgroup /a/tasks", "enter cgroup /b/tasks", "unshare cgroup namespace"])
    }

    @Test func bindsVolumesAfterTheStandardMounts() {
        let difference = changes {
            $0.mounts.append(MountSpec(.bind("/src"), at: "/data", flags: .readOnly))
        }
        #expect(difference == ([], ["bind /src on /data (ro)"]))
    }

    private let filter = SeccompFilter(program: [UInt8](repeating: 0, count: 24), flags: 0)

    @Test func filtersSystemCallsLastOfAllWhereNoPrivilegeCanBeGained() {
        var context = InitProgram.Context()
        context.diesWithParent = true
        context.announces = true
        let lines = InitProgram(spec, filter: filter, context: context).description.split(separator: "\n")
        #expect(
            Array(lines.suffix(6)) == [
                "set no_new_privs", "die with parent", "announce", "prepare execution",
                "install seccomp filter (3 instructions)", "execute [/bin/sh -c exit]",
            ])
    }

    @Test func filtersSystemCallsWhileItStillMayWherePrivilegesCanBeGained() throws {
        var gaining = spec
        gaining.process.noNewPrivileges = false
        let lines = InitProgram(gaining, filter: filter).description.split(separator: "\n")
        let index = try #require(lines.firstIndex(of: "install seccomp filter (3 instructions)"))
        #expect(lines.dropFirst(index + 1).first == "become 0:0")
        #expect(lines.filter { $0.hasPrefix("install") }.count == 1)
    }

    @Test func tiesTheContainerToItsParentAfterTheChangeOfUserWhichWouldUndoIt() {
        var context = InitProgram.Context()
        context.diesWithParent = true
        let lines = InitProgram(spec, filter: nil, context: context).description.split(separator: "\n")
        #expect(
            Array(lines.suffix(5).prefix(3)) == [
                "set capabilities \(standardCapabilities)", "set no_new_privs", "die with parent",
            ])
    }
}

extension CollectionDifference<String>.Change {
    fileprivate var text: String {
        switch self {
        case .insert(_, let text, _), .remove(_, let text, _): text
        }
    }
}
