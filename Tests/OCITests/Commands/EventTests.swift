import JSON
import Linux
import Testing

@Suite("events", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct EventTests {
    @Test func showTheUse() throws {
        let container = try Container.running { $0["linux.resources.pids.limit"] = 50 }
        let outcome = try container.runtime("events", "--stats", container.id)
        #expect(outcome.succeeded, "\(outcome.report)")
        let event = try JSONValue.read(outcome.output)
        #expect(event["type"]?.text == "stats")
        #expect(event["id"]?.text == container.id)
        let data = try #require(event["data"])
        #expect(data["pids"]?["current"]?.number == 1)
        #expect(data["pids"]?["limit"]?.number == 50)
        #expect((data["memory"]?["usage"]?["usage"]?.number ?? 0) > 0)
        #expect((data["cpu"]?["usage"]?["total"]?.number ?? 0) > 0)
    }

    @Test func areAnErrorForAStoppedContainer() throws {
        let container = try Container.running("true")
        #expect(try container.waitUntil("stopped"))
        #expect(!(try container.runtime("events", "--stats", container.id).succeeded))
    }

    @Test func comeAgainAndAgain() throws {
        let container = try Container.running()
        let running = try OCIRuntime.program.start(
            ["--root", container.stateRoot, "events", "--interval", "100ms", container.id])
        let isRepeated = try eventually(within: .seconds(5)) {
            running.output.split(separator: "\n").filter { $0.contains("\"stats\"") }.count >= 2
        }
        try running.process.send(.kill)
        _ = try running.finish()
        #expect(isRepeated, "\(running.output) \(running.errors)")
    }

    @Test(.enabled(if: OCIRuntime.isOwn, "\(OCIRuntime.ownReason)"))
    func comeWithoutACgroupToo() throws {
        let container = try Container()
        let outcome = try container.onHost(
            """
            "$RUNTIME" --root "$ROOT" --cgroup-manager disabled run --detach --bundle "$BUNDLE" "$ID" || exit 9
            timeout 2 "$RUNTIME" --root "$ROOT" events --interval 100ms "$ID"
            """)
        #expect(
            outcome.output.split(separator: "\n").filter { $0.contains("\"stats\"") }.count >= 2, "\(outcome.report)")
        #expect(outcome.errors.contains("no cgroup with a memory controller"), "\(outcome.report)")
    }
}
