import JSON
import Testing

@testable import Runtime

@Suite("A seccomp profile in JSON")
struct SeccompDecoderTests {
    private func read(_ text: String) throws -> SeccompSpec {
        try SeccompSpec(json: try JSONReader.read(Array(text.utf8)))
    }

    @Test func isReadInAllItsParts() throws {
        let spec = try read(
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
             "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
             "syscalls": [
               {"names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "args": null, "includes": {}, "comment": ""},
               {"names": ["socket"], "action": "SCMP_ACT_TRACE", "errnoRet": 7, "args": [
                 {"index": 0, "value": 18446744073709551615, "valueTwo": 4, "op": "SCMP_CMP_MASKED_EQ"}]}]}
            """)
        #expect(
            spec
                == SeccompSpec(
                    defaultAction: .errno(38), architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
                    flags: ["SECCOMP_FILTER_FLAG_LOG"],
                    rules: [
                        .init(["read", "write"], .allow),
                        .init(
                            ["socket"], .trace(7),
                            arguments: [.init(index: 0, value: .max, secondValue: 4, comparison: .maskedEqual)]),
                    ]))
    }

    @Test(
        arguments: [
            ("SCMP_ACT_KILL", .killThread), ("SCMP_ACT_KILL_THREAD", .killThread),
            ("SCMP_ACT_KILL_PROCESS", .killProcess), ("SCMP_ACT_TRAP", .trap), ("SCMP_ACT_ERRNO", .errno(1)),
            ("SCMP_ACT_TRACE", .trace(1)), ("SCMP_ACT_LOG", .log), ("SCMP_ACT_ALLOW", .allow),
        ] as [(String, SeccompSpec.Action)])
    func knowsAllActions(name: String, action: SeccompSpec.Action) throws {
        #expect(try read("{\"defaultAction\": \"\(name)\"}") == SeccompSpec(defaultAction: action))
    }

    @Test(arguments: [
        ("[]", "expected an object"), ("{}", "defaultAction: expected a text"),
        (#"{"defaultAction": "X"}"#, "defaultAction: unknown action \"X\""),
        (
            #"{"defaultAction": "SCMP_ACT_NOTIFY"}"#,
            "defaultAction: SCMP_ACT_NOTIFY asks a listener, which is not acted on"
        ),
        (#"{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/s"}"#, "listenerPath: not acted on"),
        (#"{"defaultAction": "SCMP_ACT_ALLOW", "archMap": []}"#, "archMap: not acted on"),
        (
            #"{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 1}"#,
            "defaultErrnoRet: means nothing with SCMP_ACT_ALLOW"
        ),
        (
            #"{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 4096}"#,
            "defaultErrnoRet: expected an error number, at most 4095"
        ),
        (#"{"defaultAction": "SCMP_ACT_LOG", "syscalls": {}}"#, "syscalls: expected a list"),
        (#"{"defaultAction": "SCMP_ACT_LOG", "syscalls": [1]}"#, "syscalls[0]: expected an object"),
        (
            #"{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"name": "x", "action": "SCMP_ACT_ALLOW"}]}"#,
            "syscalls[0].names: expected the names of system calls"
        ),
        (
            #"{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["x"], "includes": {"caps": ["A"]}}]}"#,
            "syscalls[0].includes: not acted on; write down what it comes to"
        ),
        (
            """
            {"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["x"], "action": "SCMP_ACT_ALLOW",
             "args": [{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}]}]}
            """, "syscalls[0].args[0].index: expected the number of an argument, from 0 to 5"
        ),
        (
            """
            {"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["x"], "action": "SCMP_ACT_ALLOW",
             "args": [{"index": 0, "value": -1, "op": "SCMP_CMP_EQ"}]}]}
            """, "syscalls[0].args[0].value: expected a whole number from 0 to 18446744073709551615"
        ),
        (
            """
            {"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["x"], "action": "SCMP_ACT_ALLOW",
             "args": [{"index": 0, "value": 1, "op": "EQ"}]}]}
            """, "syscalls[0].args[0].op: unknown comparison \"EQ\""
        ),
    ])
    func isRefusedAtTheRightPlace(text: String, message: String) {
        #expect(throws: SeccompError.profile(message)) { try read(text) }
    }
}

@Suite("Compiling a seccomp profile")
struct SeccompCompilerTests {
    @Test func skipsCallsThatNobodyKnows() throws {
        let known = SeccompSpec(defaultAction: .allow, rules: [.init(["mkdir"], .errno(1))])
        let more = SeccompSpec(defaultAction: .allow, rules: [.init(["mkdir", "no_such_call"], .errno(1))])
        #expect(try SeccompCompiler.compile(known) == SeccompCompiler.compile(more))
    }

    @Test func skipsRulesThatSayWhatHoldsAnyway() throws {
        let spec = SeccompSpec(defaultAction: .errno(1), rules: [.init(["mkdir"], .errno(1)), .init(["read"], .allow)])
        let machine = try FilterMachine(spec)
        #expect(machine.allows(0))
        #expect(machine.outcome(of: FilterMachine.Call(number: 83)) == 0x0005_0001)
    }

    @Test func letsAnyOfSeveralComparisonsOfOneArgumentSuffice() throws {
        let machine = try FilterMachine(
            SeccompSpec(
                defaultAction: .errno(1),
                rules: [
                    .init(
                        ["personality"], .allow,
                        arguments: [
                            .init(index: 0, value: 1, comparison: .equal),
                            .init(index: 0, value: 2, comparison: .equal),
                        ])
                ]))
        #expect(machine.allows(135, 1))
        #expect(machine.allows(135, 2))
        #expect(!machine.allows(135, 3))
    }

    @Test func passesFlagsOn() throws {
        let flags = ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_TSYNC"]
        #expect(try SeccompCompiler.compile(SeccompSpec(defaultAction: .allow, flags: flags)).flags == 7)
    }

    @Test(
        arguments: [
            (
                SeccompSpec(defaultAction: .allow, architectures: ["SCMP_ARCH_VAX"]),
                "seccomp profile: unknown architecture \"SCMP_ARCH_VAX\""
            ),
            (
                SeccompSpec(defaultAction: .allow, architectures: ["x86"]),
                "seccomp profile: unknown architecture \"x86\""
            ),
            (SeccompSpec(defaultAction: .allow, flags: ["FAST"]), "seccomp profile: unknown flag \"FAST\""),
            (
                SeccompSpec(defaultAction: .allow, rules: [.init(["read"], .notify)]),
                "seccomp profile: SCMP_ACT_NOTIFY asks a listener, which is not acted on"
            ),
            (
                SeccompSpec(
                    defaultAction: .allow,
                    rules: [.init(["read"], .log, arguments: [.init(index: 6, value: 0, comparison: .equal)])]),
                "seccomp profile: a system call has no argument 6"
            ),
        ])
    func refusesWhatItCannotDo(spec: SeccompSpec, message: String) {
        let error = #expect(throws: SeccompError.self) { try SeccompCompiler.compile(spec) }
        #expect(error?.description == message)
    }
}
