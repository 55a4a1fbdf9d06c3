import JSON
import Linux
import Testing

@Suite("Propagation of mounts", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct PropagationTests {
    /// config.md, Mounts: how mount events pass.
    @Test(
        arguments: [
            ("rshared", "shared:"), ("shared", "shared:"), ("rslave", "master:"), ("slave", "master:"),
            ("runbindable", "unbindable"), ("unbindable", "unbindable"),
        ])
    func passEventsOn(option: String, mark: String) throws {
        let container = try Container("grep ' /data ' /proc/self/mountinfo") {
            $0["linux.rootfsPropagation"] = option.contains("slave") || option.contains("shared") ? "rshared" : nil
        }
        let source = try container.directory.makeSubdirectory("source")
        container.config.mount("bind", on: "/data", from: source, ["rbind", option])
        let outcome = try container.onHost(
            """
            exec unshare --mount --propagation private sh -c 'mount --bind "$DIRECTORY/source" "$DIRECTORY/source" &&
                mount --make-shared "$DIRECTORY/source" && exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
        let entry = try #require(MountEntry(outcome.lines.last), "\(outcome.report)")
        #expect(entry.propagation.contains { $0.hasPrefix(mark) }, "\(outcome.report)")
    }

    /// And by default they do not.
    @Test func passNothingOnByDefault() throws {
        let container = try Container("grep -E 'shared:|master:' /proc/self/mountinfo; true")
        let source = try container.directory.makeSubdirectory("source")
        container.config.mount("bind", on: "/data", from: source, ["rbind", "rprivate"])
        let outcome = try container.onHost(
            """
            exec unshare --mount --propagation private sh -c 'mount --bind "$DIRECTORY/source" "$DIRECTORY/source" &&
                mount --make-shared "$DIRECTORY/source" && exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
        #expect(outcome.succeeded && !outcome.output.contains("/data "), "\(outcome.report)")
    }

    /// config-linux.md, Rootfs Mount Propagation: how events pass from and to the root.
    @Test(arguments: [("private", ""), ("shared", "shared:"), ("unbindable", "unbindable")])
    func ofTheRootPassEventsOn(propagation: String, mark: String) throws {
        let container = try Container("awk '$5 == \"/\"' /proc/self/mountinfo") {
            $0["linux.rootfsPropagation"] = .string(propagation)
        }
        let outcome = try container.onHost(
            """
            exec unshare --mount --propagation private sh -c 'mount --bind "$BUNDLE/rootfs" "$BUNDLE/rootfs" &&
                mount --make-shared "$BUNDLE/rootfs" && exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID"'
            """)
        let entry = try #require(MountEntry(outcome.lines.first), "\(outcome.report)")
        #expect(mark == "" || entry.propagation.contains { $0.hasPrefix(mark) }, "\(outcome.report)")
        if mark == "" { #expect(entry.propagation == [], "\(outcome.report)") }
    }

    @Test func ofTheRootAreAnErrorWithAnotherPropagation() throws {
        let container = try Container { $0["linux.rootfsPropagation"] = "nothing" }
        #expect(!(try container.create().succeeded))
    }
}
