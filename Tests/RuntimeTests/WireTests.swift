import Linux
import Testing

@testable import Runtime

@Suite("What the parent sends to the init stage")
struct WireTests {
    private static let hook = Hooks.Hook(path: "/h", arguments: ["h", "x"], environment: ["A=1"], timeout: 3)
    private static let device = DeviceSpec(
        "/dev/fuse", .characterDevice(DeviceNumber(major: 10, minor: 229)), mode: 0o600, owner: 1, group: 2)
    private static var volume: MountSpec {
        var mount = MountSpec(
            .bind("/s", recursive: false), at: "/t", change: MountSpec.Change(set: .readOnly, cleared: .noDevices))
        mount.changeBelow = MountSpec.Change(set: .noExecution)
        mount.spread = [MountSpec.Spread(.slave, recursive: true), MountSpec.Spread(.shared, recursive: false)]
        mount.copiesUp = true
        return mount
    }

    private static let operations: [InitOperation] = [
        .trace, .enterCgroup(tasks: "/sys/fs/cgroup/pids/x/tasks"), .setOOMScoreAdjustment(-5),
        .joinNamespaces(descriptor: 5, kinds: [.network, .user]), .unshare(.cgroup), .synchronize(.hooks),
        .synchronize(.cgroup), .becomeNamespaceRoot, .removeTree("/t"), .setTimeOffsets("boottime 1 2\n"), .fork,
        .dieWithParent,
        .raiseLoopback,
        .setPropagation(MountSpec.Spread(.private, recursive: true)), .makeParentPrivate(of: "/r"),
        .openRoot(path: "/r", allowsDevices: true, propagation: .slave),
        .openOverlayRoot(lower: "/l", layer: .temporary, usesUserAttributes: false, allowsDevices: false),
        .openOverlayRoot(
            lower: "/l", layer: .directory(upper: "/u", work: "/w"), usesUserAttributes: true, allowsDevices: true),
        .mount(
            MountSpec(.fileSystem("tmpfs", options: "mode=755"), at: "/dev", flags: [.noSetUserID, .readOnly]),
            prepared: nil),
        .mount(MountSpec(.fileSystem("ext4", options: "", device: "/dev/sda"), at: "/x"), prepared: nil),
        .mount(volume, prepared: 7),
        .mountCgroups(
            [CgroupMount(source: "/sys/fs/cgroup/cpu,cpuacct/a", name: "cpu,cpuacct", links: ["cpu", "cpuacct"])],
            target: "/sys/fs/cgroup", MountSpec.Change(set: .readOnly)),
        .populateDevices(
            DeviceSetup(
                nodes: [
                    device, DeviceSpec("/b", .blockDevice(DeviceNumber(major: 8, minor: 0))), DeviceSpec("/f", .fifo),
                ],
                isClosed: true, bindsNodes: false)),
        .setSystemControls([SystemControl("net.ipv4.ip_forward", "1")]), .maskPath("/proc/kcore"),
        .makeReadOnly(path: "/proc/sys"), .makeMountReadOnly(path: "/"), .setHostname("wéb"), .setDomainName("d"),
        .joinSessionKeyring("k"), .runHooks([hook], name: "createContainer"), .pivotRoot(keepsFromHost: true),
        .moveRoot,
        .setRootPropagation(MountSpec.Spread(.unbindable, recursive: false)),
        .startSession, .openTerminal(size: TerminalSize(columns: 132, rows: 50), owner: 1000), .enterDirectory("/w"),
        .setFileModeMask(0o022), .setPersonality(8), .setScheduling(Scheduling(policy: 3, nice: -5, runtime: 7)),
        .setIOPriority(IOPriority(group: 2, level: 4)),
        .setLimit(ResourceLimit(ResourceLimit.Kind(rawValue: 7), soft: 10, hard: .max)),
        .setSecurityLabel(file: "exec", label: "l"), .limitBoundingSet(.standard),
        .assume(Identity(user: 1, group: 2, supplementaryGroups: [3, 4_294_967_294])),
        .setCapabilities(
            CapabilitySets(
                bounding: .all, effective: [.chown], permitted: .standard, inheritable: [.kill], ambient: [.bpf])),
        .setNoNewPrivileges, .announce(command: ["a", ""]), .findCommand(arguments: ["sh"], environment: ["PATH=/bin"]),
        .awaitStart(descriptor: 4, report: 5), .prepareExecution(first: 5),
        .installSeccomp(filter: [6, 0, 0, 0, 0, 0, 255, 127], flags: 2),
        .execute(arguments: ["sh", "-c", "exit\n"], environment: ["A=1", "B="]),
    ]

    /// The program as bytes, without the length that goes before them.
    private func body(_ operations: [InitOperation]) -> [UInt8] {
        Array(InitProgram(operations: operations, clonedNamespaces: []).wire.dropFirst(4))
    }

    @Test(arguments: operations)
    func arrivesAsItWasSent(operation: InitOperation) throws {
        #expect(try InitProgram(wire: body([operation])).operations == [operation])
    }

    @Test func arrivesAsAWholeAndInOrder() throws {
        #expect(try InitProgram(wire: body(Self.operations)).operations == Self.operations)
    }

    @Test func beginsWithItsLength() {
        let wire = InitProgram(operations: Self.operations, clonedNamespaces: []).wire
        var reader = WireReader(wire)
        #expect((try? reader.number(UInt32.self)).map(Int.init) == wire.count - 4)
    }

    @Test(arguments: operations)
    func isAnErrorWhereItIsCutOff(operation: InitOperation) {
        let whole = body([operation])
        for count in 1..<max(whole.count, 1) {
            #expect(throws: SystemError.self) { try InitProgram(wire: Array(whole.prefix(count))) }
        }
    }

    @Test func isAnErrorWhereAListHasTooFewParts() {
        for opcode: UInt8 in [6, 35, 44] {
            for count in [0, 2, 4] where count != 2 || opcode == 6 {
                var wire = WireWriter()
                wire.write(opcode)
                if opcode == 35 { wire.write(UInt32(1)) }
                wire.write([String](repeating: "x", count: count))
                #expect(throws: SystemError.self) { try InitProgram(wire: wire.bytes) }
            }
        }
    }

    @Test func ofGarbageIsAProgramOrAnErrorAndNeverATrap() {
        var state: UInt64 = 42
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        var errors = 0
        for _ in 0..<20_000 {
            var bytes = body([Self.operations[Int(next()) % Self.operations.count]])
            for _ in 0..<(1 + next() % 4) { bytes[Int(next()) % bytes.count] = UInt8(truncatingIfNeeded: next()) }
            do throws(SystemError) { _ = try InitProgram(wire: bytes) } catch { errors += 1 }
            do throws(SystemError) { _ = try InitFailure(wire: bytes) } catch { errors += 1 }
        }
        #expect(errors > 20_000)
    }

    @Test func aFailureArrivesAsItWasSent() throws {
        let failure = InitFailure(operation: 7, error: SystemError("mount", "proc on /proc", .operationNotPermitted))
        #expect(try InitFailure(wire: failure.wire) == failure)
        for count in 0..<failure.wire.count {
            #expect(throws: SystemError.self) { try InitFailure(wire: Array(failure.wire.prefix(count))) }
        }
    }
}
