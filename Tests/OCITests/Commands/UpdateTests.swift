import JSON
import Linux
import Testing

@Suite("update", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct UpdateTests {
    @Test(
        arguments: [
            (["--memory", "134217728"], ResourceTests.limits[0], "134217728"),
            (["--pids-limit", "77"], ResourceTests.limits[4], "77"),
            (["--cpu-share", "256"], ResourceTests.limits[6], Cgroups.isUnified ? "*" : "256"),
            (
                ["--cpu-quota", "30000", "--cpu-period", "100000"], ResourceTests.limits[7],
                Cgroups.isUnified ? "30000 100000" : "30000"
            ),
            (["--cpuset-cpus", "0"], ResourceTests.limits[10], "0"),
        ] as [([String], ResourceTests.Limit, String)])
    func takesOptions(options: [String], limit: ResourceTests.Limit, expected: String) throws {
        let container = try Container.running()
        let outcome = try OCIRuntime.program.run(
            ["--root", container.stateRoot, "update"] + options + [container.id])
        #expect(outcome.succeeded, "\(outcome.report)")
        let value = try limit.value(in: container)
        #expect(expected == "*" || value == expected)
        #expect(try container.status() == "running")
    }

    /// What engines use: a document, as a file or on standard input.
    @Test(arguments: [true, false]) func takesADocument(isStandardInput: Bool) throws {
        let container = try Container.running()
        let text = #"{"memory": {"limit": 100663296}, "pids": {"limit": 66}}"#
        let file = try container.directory.write("resources.json", text)
        let outcome = try container.runtime(
            "update", "--resources", isStandardInput ? "-" : file, container.id,
            with: .init(input: isStandardInput ? text : ""))
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try ResourceTests.limits[0].value(in: container) == "100663296")
        #expect(try ResourceTests.limits[4].value(in: container) == "66")
    }

    /// What is not named stays as it was.
    @Test func keepsWhatItDoesNotName() throws {
        let container = try Container.running { $0["linux.resources.memory.limit"] = 67_108_864 }
        #expect(try container.runtime("update", "--pids-limit", "77", container.id).succeeded)
        #expect(try ResourceTests.limits[0].value(in: container) == "67108864")
    }

    @Test(arguments: [["--memory", "much"], ["--cpuset-cpus", "4000"], ["--resources", "/no/such/file"]])
    func refusesNonsense(options: [String]) throws {
        let container = try Container.running()
        let outcome = try OCIRuntime.program.run(
            ["--root", container.stateRoot, "update"] + options + [container.id])
        #expect(!outcome.succeeded)
        #expect(try container.status() == "running")
    }
}
