import Compose
import OrderedCollections
import Testing

/// What is right, and probably not meant.
struct WarningTests {
    private func shown(_ service: String) -> [String] {
        summaries("services:\n  web:\n    image: x\n    \(service)\n", purpose: .show)
    }

    @Test(
        arguments: [
            ("tty: yes", "4:10: \"yes\" is a string in YAML 1.2; write true for a boolean"),
            ("environment: {V: 1.10}", "4:22: 1.10 is a number, and becomes \"1.1\": quote it"),
            ("ports: [22:22]", "4:13: older readers of YAML take 22:22 for a number to the base of 60: quote it"),
            (
                "volumes: [\"v:/x:/y\"]",
                "4:15: \"v:/x\" is read as a path on the drive v: give a volume a name of two letters or more"
            ),
            ("volumes: [./a:/b:rx]", "4:15: \"rx\" is no option of a mount, and is ignored"),
            ("hostname: !new x", "4:15: the tag \"!new\" means nothing here; known are !reset and !override"),
            ("hostname: ${NO}", "4:15: the variable \"NO\" is not set, and nothing is put in its place"),
        ]
    )
    func whatYAMLMakesOfAValueIsTold(service: String, message: String) {
        #expect(shown(service) == ["stack.yaml:\(message)"])
    }

    @Test func keysThatAreNotActedOnAreToldOnce() {
        let text = """
            services:
              a: {rootfs: rootfs, command: sleep 1, labels: {x: y}, platform: linux}
              b: {rootfs: rootfs, command: sleep 1, labels: {x: y}, privileged: true, ports: ["80:80"], cap_add: []}
            """
        #expect(
            summaries(text) == [
                "stack.yaml:2:41: \"labels\" is not acted on by this version",
                "stack.yaml:2:57: \"platform\" is not acted on by this version",
                "stack.yaml:3:75: \"ports\" is not acted on by this version",
            ]
        )
    }

    @Test func lintTellsWhatIsRisky() throws {
        let text = """
            services:
              web: {image: nginx, privileged: true, volumes: ["/:/host"]}
              good: {image: "nginx:1.27", restart: always, mem_limit: 1g}
            """
        var host = FakeHost()
        host.files["/stacks/stack.yaml"] = text
        var request = LoadRequest(files: ["stack.yaml"], workingDirectory: "/stacks", purpose: .show)
        request.isLinted = true
        #expect(
            StackLoader(host: host).load(request).diagnostics.map(\.message) == [
                "service \"web\" may use all memory: set \"mem_limit\"",
                "service \"web\" stays down when it ends: set \"restart\", if only to \"no\"",
                "the image \"nginx\" of service \"web\" may change at any time: name a version",
                "service \"web\" is privileged: it can do anything to the machine",
                "service \"web\" can change \"/\" of the machine: mount it \"ro\"",
            ]
        )
    }

    @Test func diagnosticsAreWrittenForPrograms() {
        let diagnostics = load("services: {web: {image: x, comand: y}}", purpose: .show).diagnostics
        #expect(
            DiagnosticRecords.json(diagnostics) == """
                [
                  {
                    "severity": "error",
                    "message": "unknown key \\"comand\\" in service \\"web\\"",
                    "file": "stack.yaml",
                    "line": 1,
                    "column": 28,
                    "endLine": 1,
                    "endColumn": 34,
                    "suggestion": "command"
                  }
                ]

                """
        )
        #expect(DiagnosticRecords.sarif(diagnostics, toolVersion: "1").contains("\"startColumn\": 28"))
    }

    @Test func longAndForeignLinesAreShownAroundTheCaret() {
        let long = String(repeating: "x", count: 300)
        #expect(
            messages("services: {web: {image: \"\(long)\", comand: y, hostname: \"\(long)\"}}", purpose: .show) == """
                stack.yaml:1:329: unknown key "comand" in service "web" (did you mean "command"?)
                    1 | …\(String(repeating: "x", count: 22))", comand: y, hostname: "\(String(repeating: "x", count: 53))…
                      |                           ^~~~~~

                """
        )
        #expect(
            messages("services: {web: {image: \"日本é\", comand: y}}", purpose: .show) == """
                stack.yaml:1:32: unknown key "comand" in service "web" (did you mean "command"?)
                    1 | services: {web: {image: "日本é", comand: y}}
                      |                                  ^~~~~~

                """
        )
    }

    @Test func theDifferencesOfAServiceAreNamedWithTheirPlaces() throws {
        func service(_ text: String) throws -> Service {
            try #require(load("name: a\nservices: {web: {rootfs: rootfs, \(text)}}").stack?.services.values.first)
        }
        let old = try service("command: sleep 1, environment: {PORT: 80, GONE: x}")
        let new = try service("command: sleep 1, environment: {PORT: 8080}, hostname: h")
        #expect(
            new.differences(from: old).map { "\($0.path): \($0.old ?? "-") → \($0.new ?? "-")" } == [
                "environment.GONE: \"x\" → -", "environment.PORT: \"80\" → \"8080\"", "hostname: - → \"h\"",
            ]
        )
    }
}
