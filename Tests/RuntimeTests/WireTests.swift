import Linux
import Testing

@testable import Runtime

@Suite("What the parent sends to the init stage")
struct WireTests {
    private static let operations: [InitOperation] = [
        .enterCgroup(tasks: "/sys/fs/cgroup/pids/x/tasks"), .unshareCgroupNamespace, .dieWithParent, .raiseLoopback,
        .makeMountsPrivate, .openRoot(path: "/r"), .openOverlayRoot(lower: "/l", layer: .temporary),
        .openOverlayRoot(lower: "/l", layer: .directory(upper: "/u", work: "/w")),
        .mount(type: "tmpfs", target: "/dev", flags: [.noSetUserID, .readOnly], options: "mode=755"),
        .bind(source: "/s", target: "/t", flags: .readOnly), .populateDevices, .maskPath("/proc/kcore"),
        .makeReadOnly(path: "/proc/sys"), .makeRootReadOnly, .setHostname("wéb"), .pivotRoot, .moveRoot,
        .startSession, .openTerminal(size: TerminalSize(columns: 132, rows: 50), owner: 1000), .enterDirectory("/w"),
        .setFileModeMask(0o022), .limitBoundingSet(.standard),
        .assume(Identity(user: 1, group: 2, supplementaryGroups: [3, 4_294_967_294])),
        .setCapabilities(CapabilitySet(mask: .max)), .setNoNewPrivileges, .announce(command: ["a", ""]),
        .prepareExecution, .installSeccomp(filter: [6, 0, 0, 0, 0, 0, 255, 127], flags: 2),
        .execute(arguments: ["sh", "-c", "exit\n"], environment: ["A=1", "B="]),
    ]

    /// The program as bytes, without the length that goes before them.
    private func body(_ operations: [InitOperation]) -> [UInt8] {
        Array(InitProgram(operations: operations).wire.dropFirst(4))
    }

    @Test(arguments: operations)
    func arrivesAsItWasSent(operation: InitOperation) throws {
        #expect(try InitProgram(wire: body([operation])).operations == [operation])
    }

    @Test func arrivesAsAWholeAndInOrder() throws {
        #expect(try InitProgram(wire: body(Self.operations)).operations == Self.operations)
    }

    @Test func beginsWithItsLength() {
        let wire = InitProgram(operations: Self.operations).wire
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
        for opcode: UInt8 in [6, 7, 8] {
            for count in [0, 2, 4] where (opcode, count) != (8, 2) {
                var wire = WireWriter()
                wire.write(opcode)
                wire.write([String](repeating: "x", count: count))
                wire.write(UInt64(0))
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
