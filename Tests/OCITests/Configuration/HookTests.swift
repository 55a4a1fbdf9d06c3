import JSON
import Linux
import Testing

/// A container with hooks that write down what they see.
private final class Hooked {
    static let kinds = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]
    /// Those of create, in their order.
    static let creating = ["prestart", "createRuntime", "createContainer"]

    let container: Container

    init(_ script: String = "echo payload >> /log; sleep 1000") throws {
        container = try Container(script)
    }

    /// The file that a hook writes: those inside the container have another way to the same directory.
    private func path(of name: String, for kind: String) -> String {
        kind == "startContainer" ? "/\(name)" : "\(container.rootfs)/\(name)"
    }

    /// Adds a hook that runs `script`, after it has written its kind to the log. `$LOG` and `$FILE` are files of its own.
    func add(_ kind: String, _ script: String = "true", timeout: Int64? = nil, name: String? = nil) {
        let name = name ?? kind
        var hook = Configuration(json: ["path": "/bin/sh"])
        // The shell of the container goes by the name it is called by.
        hook["args"] = .strings([kind == "startContainer" ? "sh" : "hook", "-c", "echo \(name) >> $LOG; \(script)"])
        hook["env"] = .strings([
            "PATH=/usr/bin:/bin", "LOG=\(path(of: "log", for: kind))", "FILE=\(path(of: "file-\(name)", for: kind))",
        ])
        if let timeout { hook["timeout"] = .integer(timeout) }
        container.config.append(hook.json, to: "hooks.\(kind)")
    }

    func log() -> [String] {
        ((try? readText("\(container.rootfs)/log")) ?? "").split(separator: "\n").map(String.init)
    }

    /// What the hook of that kind has written to `$FILE`.
    func file(_ name: String) throws -> String { try readText("\(container.rootfs)/file-\(name)") }

    /// Runs the container from create to delete.
    func live() throws {
        let created = try container.create()
        try #require(created.succeeded, "\(created.report)")
        let started = try container.start()
        try #require(started.succeeded, "\(started.report)")
        #expect(try eventually { self.log().contains("payload") })
        #expect(try container.runtime("kill", container.id, "KILL").succeeded)
        #expect(try container.waitUntil("stopped"))
        #expect(try container.runtime("delete", container.id).succeeded)
    }
}

@Suite("Hooks", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct HookTests {
    /// runtime.md, Lifecycle 3 to 13: each kind in its place, from before the container is there until it is gone.
    @Test func runInTheirOrder() throws {
        let hooked = try Hooked()
        for kind in Hooked.kinds.reversed() { hooked.add(kind) }
        let container = hooked.container
        #expect(try container.create().succeeded)
        #expect(hooked.log() == Hooked.creating)
        #expect(try container.start().succeeded)
        #expect(hooked.log().contains("poststart"), "before the start returns")
        #expect(try eventually { hooked.log().count >= 6 })
        #expect(hooked.log()[3] == "startContainer")
        // The payload and the hook after the start may come in either order.
        #expect(Set(hooked.log()[4...]) == ["payload", "poststart"])
        #expect(try container.runtime("kill", container.id, "KILL").succeeded)
        #expect(try container.waitUntil("stopped"))
        #expect(!hooked.log().contains("poststop"))
        let deleted = try container.runtime("delete", container.id)
        #expect(deleted.succeeded, "\(deleted.report)")
        #expect(hooked.log().last == "poststop")
        #expect(hooked.log().count == 7)
    }

    /// config.md, Hooks: in the listed order.
    @Test(arguments: Hooked.kinds) func ofOneKindRunAsListed(kind: String) throws {
        let hooked = try Hooked()
        let names = ["first", "second", "third"]
        for name in names { hooked.add(kind, name: name) }
        try hooked.live()
        #expect(hooked.log().filter { names.contains($0) } == names)
    }

    /// config.md, Hooks: the state is passed over stdin.
    @Test(arguments: Hooked.kinds) func getTheState(kind: String) throws {
        let hooked = try Hooked()
        hooked.container.config["annotations"] = .object([("org.example.key", "value")])
        hooked.add(kind, "cat > $FILE")
        try hooked.live()
        let state = try JSONValue.read(try hooked.file(kind))
        #expect(state["id"]?.text == hooked.container.id)
        #expect(state["bundle"]?.text == hooked.container.bundle)
        #expect(state["ociVersion"]?.text?.hasPrefix("1.") == true)
        #expect(state["annotations"]?["org.example.key"]?.text == "value")
        let expected =
            switch kind {
            case "startContainer": ["created", "creating"]
            case "poststart": ["running"]
            case "poststop": ["stopped"]
            // Runtimes differ in what they call a container that is not there yet.
            default: ["creating", "created"]
            }
        #expect(expected.contains(state["status"]?.text ?? ""), "\(state)")
        if kind != "poststop" { #expect((state["pid"]?.number ?? 0) > 0) }
    }

    /// runtime.md, State: the process as the runtime sees it, for hooks in its namespace.
    @Test(arguments: ["prestart", "createRuntime", "poststart"]) func getTheProcess(kind: String) throws {
        let hooked = try Hooked()
        hooked.add(
            kind,
            #"pid=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p'); readlink /proc/$pid/ns/net > $FILE; grep NSpid: /proc/$pid/status >> $FILE"#
        )
        try hooked.live()
        let lines = try hooked.file(kind).split(separator: "\n").map(String.init)
        try #require(lines.count == 2, "\(lines)")
        #expect(lines[0] != (try readSymbolicLink("/proc/self/ns/net")))
        #expect(lines[1].hasSuffix("\t1"), "\(lines)")
    }

    /// config.md, Hooks: in the runtime's namespaces.
    @Test(arguments: ["prestart", "createRuntime", "poststart", "poststop"])
    func runInTheNamespacesOfTheRuntime(kind: String) throws {
        let hooked = try Hooked()
        hooked.add(kind, "for n in mnt net uts ipc pid; do readlink /proc/self/ns/$n; done > $FILE")
        try hooked.live()
        let own = try ["mnt", "net", "uts", "ipc", "pid"].map { try readSymbolicLink("/proc/self/ns/\($0)") }
        #expect(try hooked.file(kind).split(separator: "\n").map(String.init) == own)
    }

    /// config.md, Hooks: found in the runtime's namespace, executed in the container's, before its root is the root.
    @Test func beforeThePivotRunInTheContainersNamespacesWithTheHostsFiles() throws {
        let hooked = try Hooked()
        hooked.add("createContainer", "for n in net uts ipc; do readlink /proc/self/ns/$n; done > $FILE")
        #expect(try hooked.container.create().succeeded)
        let process = try hooked.container.processID()
        let expected = try ["net", "uts", "ipc"].map { try readSymbolicLink("/proc/\(process)/ns/\($0)") }
        #expect(try hooked.file("createContainer").split(separator: "\n").map(String.init) == expected)
    }

    /// config.md, Hooks: the mounts are there already.
    @Test func beforeThePivotSeeTheMounts() throws {
        let hooked = try Hooked()
        hooked.container.config.mount("tmpfs", on: "/data", "nosuid")
        hooked.add("createContainer", "cut -d ' ' -f 5 /proc/self/mountinfo > $FILE")
        #expect(try hooked.container.create().succeeded)
        #expect(try hooked.file("createContainer").contains("/rootfs/data\n"))
        #expect(Mounts.below(hooked.container.directory.path) == [])
    }

    /// config.md, Hooks: found and executed in the container.
    @Test func beforeThePayloadRunInsideTheContainer() throws {
        let hooked = try Hooked()
        hooked.container.config["hostname"] = "inside"
        hooked.add("startContainer", "hostname > $FILE; ls -d /bin/busybox >> $FILE")
        try hooked.live()
        #expect(try hooked.file("startContainer") == "inside\n/bin/busybox\n")
    }

    /// config.md, Hooks: the environment is the configured one.
    @Test(arguments: Hooked.kinds) func getTheirEnvironmentAndNoOther(kind: String) throws {
        let hooked = try Hooked()
        hooked.add(kind, "env > $FILE")
        try hooked.live()
        let names = try hooked.file(kind).split(separator: "\n").compactMap { $0.split(separator: "=").first }
        #expect(Set(names).isSubset(of: ["PATH", "LOG", "FILE", "PWD", "SHLVL", "_", "OLDPWD", "HOME"]), "\(names)")
    }

    /// config.md, Hooks: `args` with its first element as the name.
    @Test func getTheirArguments() throws {
        let hooked = try Hooked()
        hooked.add("createRuntime", "tr '\\0' '\\n' < /proc/$$/cmdline | head -n 2 > $FILE")
        #expect(try hooked.container.create().succeeded)
        #expect(try hooked.file("createRuntime") == "hook\n-c\n")
    }

    /// runtime.md, Lifecycle 3 to 5: an error, and the container is undone.
    @Test(arguments: Hooked.creating) func thatFailEndTheCreation(kind: String) throws {
        let hooked = try Hooked()
        hooked.add(kind, "echo the reason >&2; exit 3")
        hooked.add(kind, name: "second")
        hooked.add("poststop")
        let outcome = try hooked.container.create()
        #expect(!outcome.succeeded)
        #expect(!hooked.log().contains("second"))
        #expect(try eventually { try hooked.container.leftovers().isEmpty })
        #expect(!hooked.log().contains("payload"))
    }

    /// runtime.md, Lifecycle 12: and the hooks of the end run.
    @Test(arguments: Hooked.creating) func thatFailAreFollowedByTheLastOnes(kind: String) throws {
        let hooked = try Hooked()
        hooked.add(kind, "exit 3")
        hooked.add("poststop")
        #expect(!(try hooked.container.create().succeeded))
        #expect(hooked.log() == [kind, "poststop"])
    }

    /// runtime.md, Lifecycle 7: the payload is not run.
    @Test func thatFailBeforeThePayloadEndTheStart() throws {
        let hooked = try Hooked()
        hooked.add("startContainer", "exit 3")
        hooked.add("poststart")
        #expect(try hooked.container.create().succeeded)
        _ = try hooked.container.start()
        #expect(try eventually { (try? hooked.container.status()) != "running" })
        #expect(!hooked.log().contains("payload"))
    }

    /// The specification leaves open how an error is told; an engine needs it to be an error of the command.
    @Test func thatFailBeforeThePayloadMakeTheStartFail() throws {
        let hooked = try Hooked()
        hooked.add("startContainer", "exit 3")
        #expect(try hooked.container.create().succeeded)
        #expect(!(try hooked.container.start().succeeded))
    }

    /// runtime.md, Lifecycle 9: an error that stops the container.
    @Test func thatFailAfterTheStartStopTheContainer() throws {
        let hooked = try Hooked()
        hooked.add("poststart", "exit 3")
        #expect(try hooked.container.create().succeeded)
        #expect(!(try hooked.container.start().succeeded))
        #expect(try eventually { (try? hooked.container.status()) != "running" })
    }

    /// runtime.md, Lifecycle 13: a warning only, and the others run.
    @Test func thatFailAtTheEndAreWarnings() throws {
        let hooked = try Hooked()
        hooked.add("poststop", "exit 3", name: "first")
        hooked.add("poststop", name: "second")
        try hooked.live()
        #expect(hooked.log().suffix(2) == ["first", "second"])
        #expect(try hooked.container.leftovers() == [])
    }

    /// config.md, Hooks: the hook is ended, and has failed.
    @Test(arguments: Hooked.creating) func areEndedWhenTheirTimeIsOver(kind: String) throws {
        let hooked = try Hooked()
        hooked.add(kind, "exec sleep 30", timeout: 1)
        let before = MonotonicTime.now
        #expect(!(try hooked.container.create().succeeded))
        #expect(MonotonicTime.now - before < .seconds(10))
        #expect(try eventually { try hooked.container.leftovers().isEmpty })
    }

    /// config.md, Hooks: a path that is not absolute, a time that is not positive, a program that is none.
    @Test(arguments: ["relative path", "missing program", "negative timeout", "zero timeout", "no path"])
    func thatAreNoneAreErrors(cause: String) throws {
        let container = try Container()
        let hook: JSONValue =
            switch cause {
            case "relative path": ["path": "bin/true"]
            case "missing program": ["path": "/no/such/hook"]
            case "negative timeout": ["path": "/bin/true", "timeout": -1]
            case "zero timeout": ["path": "/bin/true", "timeout": 0]
            default: ["args": ["true"]]
            }
        container.config["hooks.createRuntime"] = [hook]
        #expect(!(try container.create().succeeded))
        #expect(try eventually { try container.leftovers().isEmpty })
    }

    /// A hook that needs the network namespace finds it, and what it does there lasts.
    @Test func canSetTheNetworkUp() throws {
        let hooked = try Hooked("cat /proc/sys/net/ipv4/ip_forward; sleep 1000")
        hooked.add(
            "prestart",
            #"pid=$(sed -n 's/.*"pid": *\([0-9]*\).*/\1/p'); nsenter -t $pid -n sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'"#
        )
        let created = try hooked.container.create()
        #expect(created.succeeded, "\(created.report)")
        #expect(try hooked.container.start().succeeded)
        #expect(try eventually { hooked.container.output == "1\n" })
    }
}
