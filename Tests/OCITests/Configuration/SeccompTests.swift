import JSON
import Linux
import Testing

@Suite("Seccomp", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct SeccompTests {
    private static func rules(_ rules: JSONValue..., defaultAction: String = "SCMP_ACT_ALLOW") -> JSONValue {
        [
            "defaultAction": .string(defaultAction),
            "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64"], "syscalls": .array(rules),
        ]
    }

    /// config-linux.md, Seccomp: the error that is configured, or EPERM.
    @Test(arguments: [(nil, "Operation not permitted"), (38, "Function not implemented"), (13, "Permission denied")])
    func refusesWithTheErrorThatIsSaid(number: Int64?, text: String) throws {
        let container = try Container("mkdir /tmp/made; echo ran") {
            var rule = Configuration(json: ["names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"])
            if let number { rule["errnoRet"] = .integer(number) }
            $0["linux.seccomp"] = Self.rules(rule.json)
        }
        let outcome = try container.run()
        #expect(outcome.output == "ran\n", "\(outcome.report)")
        #expect(outcome.errors.contains(text), "\(outcome.report)")
    }

    @Test(arguments: ["SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP"])
    func kills(action: String) throws {
        let container = try Container("sync; echo code $?") {
            $0["linux.seccomp"] = Self.rules(["names": ["sync"], "action": .string(action)])
        }
        let outcome = try container.run()
        // 128 + SIGSYS, where `sync` was a process of its own.
        #expect(outcome.output == "code 159\n" || outcome.exitCode == 159, "\(outcome.report)")
    }

    /// Arguments are compared: the second one of `kill` is the signal.
    @Test func looksAtArguments() throws {
        let lines = try Container.lines("kill -0 1 && echo allowed; kill -18 1 2>/dev/null || echo refused") {
            $0["linux.seccomp"] = Self.rules(
                [
                    "names": ["kill"], "action": "SCMP_ACT_ERRNO",
                    "args": [["index": 1, "value": 18, "op": "SCMP_CMP_EQ"]],
                ])
        }
        #expect(lines == ["allowed", "refused"])
    }

    @Test func holdsForExec() throws {
        let container = try Container.running {
            $0["linux.seccomp"] = Self.rules(["names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"])
        }
        let outcome = try container.exec(script: "mkdir /tmp/made || echo refused; grep Seccomp: /proc/self/status")
        #expect(outcome.output == "refused\nSeccomp:\t2\n", "\(outcome.report)")
    }

    @Test(arguments: [true, false]) func holdsWithAndWithoutNewPrivileges(areForbidden: Bool) throws {
        let lines = try Container.lines(
            "mkdir /tmp/made 2>/dev/null || echo refused; grep NoNewPrivs /proc/self/status"
        ) {
            $0["process.noNewPrivileges"] = .boolean(areForbidden)
            $0["linux.seccomp"] = Self.rules(["names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"])
        }
        #expect(lines == ["refused", "NoNewPrivs:\t\(areForbidden ? 1 : 0)"])
    }

    /// A profile of another kernel names calls that this one does not have.
    @Test func ignoresNamesThatAreNone() throws {
        let lines = try Container.lines("mkdir /tmp/made 2>/dev/null || echo refused") {
            $0["linux.seccomp"] = Self.rules(
                ["names": ["no_such_call", "mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"])
        }
        #expect(lines == ["refused"])
    }

    /// config-linux.md, Seccomp: what is no action, no architecture, no operator, no flag.
    @Test(arguments: ["action", "defaultAction", "architecture", "operator", "no names", "flag", "errno"])
    func refusesAProfileThatIsNone(cause: String) throws {
        let container = try Container {
            switch cause {
            case "action": $0["linux.seccomp"] = Self.rules(["names": ["sync"], "action": "SCMP_ACT_NOTHING"])
            case "defaultAction": $0["linux.seccomp"] = Self.rules(defaultAction: "SCMP_ACT_NOTHING")
            case "architecture":
                $0["linux.seccomp"] = Self.rules(["names": ["sync"], "action": "SCMP_ACT_ERRNO"])
                $0.append("SCMP_ARCH_NOTHING", to: "linux.seccomp.architectures")
            case "operator":
                $0["linux.seccomp"] = Self.rules(
                    [
                        "names": ["sync"], "action": "SCMP_ACT_ERRNO",
                        "args": [["index": 0, "value": 1, "op": "SCMP_CMP_NOTHING"]],
                    ])
            case "flag":
                $0["linux.seccomp"] = Self.rules(["names": ["sync"], "action": "SCMP_ACT_ERRNO"])
                $0["linux.seccomp.flags"] = ["SECCOMP_FILTER_FLAG_NOTHING"]
            // This action has no error to return.
            case "errno":
                $0["linux.seccomp"] = Self.rules(["names": ["sync"], "action": "SCMP_ACT_KILL", "errnoRet": 1])
            default: $0["linux.seccomp"] = Self.rules(["names": [], "action": "SCMP_ACT_ERRNO"])
            }
        }
        #expect(!(try container.create().succeeded))
    }

    /// What the runtime does last may be forbidden to the payload.
    @Test func mayForbidWhatTheRuntimeNeeded() throws {
        let lines = try Container.lines("echo ran") {
            // Without this the filter has to be there before the privileges are given up.
            $0["process.noNewPrivileges"] = true
            $0["linux.seccomp"] = Self.rules(
                [
                    "names": ["getcwd", "chdir", "setuid", "setgid", "setgroups", "setresuid", "capset", "pivot_root"],
                    "action": "SCMP_ACT_ERRNO",
                ])
        }
        #expect(lines == ["ran"])
    }

    /// config-linux.md, Seccomp: flags of the kernel.
    @Test(arguments: ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW"]) func hasFlags(flag: String) throws {
        let lines = try Container.lines("mkdir /tmp/made 2>/dev/null || echo refused") {
            $0["linux.seccomp"] = Self.rules(["names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"])
            $0["linux.seccomp.flags"] = [.string(flag)]
        }
        #expect(lines == ["refused"])
    }

    /// config-linux.md, The Container Process State: who decides on calls gets the descriptor, and knows whose it is.
    @Test func asksWhoListens() throws {
        let container = try Container("mkdir /tmp/made; echo over; sleep 1000") {
            $0["linux.seccomp"] = Self.rules(["names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY"])
            $0["linux.seccomp.listenerMetadata"] = "some metadata"
        }
        let listener = try ConsoleListener(in: container.directory)
        container.config["linux.seccomp.listenerPath"] = .string(listener.path)
        // Some install the filter at create, some at start; either may wait for what the test receives.
        try container.writeConfig()
        let arguments = ["--root", container.stateRoot]
        let created = try OCIRuntime.program.start(
            arguments + ["create", "--bundle", container.bundle, container.id])
        let outcome = try created.finish(timeout: .seconds(5))
        // A runtime that cannot do it says so, and lets nothing pass.
        if !outcome.succeeded, outcome.errors.contains("listener") { return }
        try #require(outcome.succeeded, "\(outcome.report)")
        let started = try OCIRuntime.program.start(arguments + ["start", container.id])
        let message = try listener.receiveMessage()
        let descriptor = FileDescriptor(owning: message.descriptor)
        let state = try JSONValue.read(message.text)
        #expect(state["fds"]?.texts == ["seccompFd"])
        #expect(state["metadata"]?.text == "some metadata")
        #expect(state["state"]?["id"]?.text == container.id)
        #expect((state["pid"]?.number ?? 0) > 0)
        #expect(try started.finish().succeeded)
        #expect(descriptor.number >= 0)
        try pause(.milliseconds(50))
        #expect(!created.output.contains("over"))
    }

    /// config-linux.md, Seccomp: an error where nobody listens.
    @Test func needsSomebodyWhoListens() throws {
        let container = try Container("echo ran") {
            $0["linux.seccomp"] = Self.rules(["names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY"])
        }
        container.config["linux.seccomp.listenerPath"] = .string("\(container.directory.path)/nobody")
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
        #expect(outcome.output == "")
    }
}
