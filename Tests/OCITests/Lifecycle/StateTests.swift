import JSON
import Linux
import Testing

@Suite("state", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct StateTests {
    /// runtime.md, State: the properties that are required, and their types.
    @Test func hasTheRequiredProperties() throws {
        let container = try Container { $0["annotations"] = .object([("org.example.key", "a value")]) }
        #expect(try container.create().succeeded)
        let state = try container.state()
        let version = try #require(state["ociVersion"]?.text)
        #expect(version.hasPrefix("1."))
        #expect(state["id"]?.text == container.id)
        #expect(state["status"]?.text == "created")
        #expect(state["bundle"]?.text == container.bundle)
        #expect(state["annotations"]?["org.example.key"]?.text == "a value")
        #expect(exists("/proc/\(try container.processID())"))
    }

    /// runtime.md, State: `pid` is the container process as the host numbers it.
    @Test func tellsTheProcessOfTheContainer() throws {
        let container = try Container.running("exec sleep 1000")
        let process = try container.processID()
        #expect(try eventually { try readText("/proc/\(process)/cmdline") == "sleep\u{0}1000\u{0}" })
        #expect(try readText("/proc/\(process)/status").contains("NSpid:\t\(process)\t1\n"))
    }

    /// runtime.md, State: created, running, stopped.
    @Test func followsTheLifeOfTheContainer() throws {
        let container = try Container("exit 3")
        #expect(try container.create().succeeded)
        #expect(try container.status() == "created")
        #expect(try container.start().succeeded)
        #expect(try container.waitUntil("stopped"))
        let process = try container.state()["pid"]?.number ?? 0
        #expect(process == 0 || !exists("/proc/\(process)"))
    }

    /// A process that has ended and was not waited for is not running any more.
    @Test func isStoppedWhereNobodyReapedTheProcess() throws {
        let container = try Container("exit 0")
        // `unshare --pid --fork` makes a shell that becomes the parent of what is left over, and does not wait for it.
        let outcome = try container.onHost(
            """
            exec unshare --pid --fork --mount-proc sh -c '"$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" &&
                "$RUNTIME" --root "$ROOT" start "$ID" && sleep 0.3 && "$RUNTIME" --root "$ROOT" state "$ID"
                "$RUNTIME" --root "$ROOT" delete "$ID"'
            """)
        #expect(try JSONValue.read(outcome.output)["status"]?.text == "stopped", "\(outcome.report)")
    }

    /// A container without annotations has none, or an empty map.
    @Test func hasNoAnnotationsOfItsOwn() throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        #expect(try container.state()["annotations"]?.keys ?? [] == [])
    }

    /// Engines show when the container was made.
    @Test func tellsWhenItWasCreated() throws {
        let container = try Container()
        #expect(try container.create().succeeded)
        let created = try #require(try container.state()["created"]?.text)
        #expect(created.contains("T") && (created.hasSuffix("Z") || created.contains("+")))
    }
}
