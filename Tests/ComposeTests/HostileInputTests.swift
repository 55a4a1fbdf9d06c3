import Compose
import Testing

/// Any bytes are a stack or a message: never a crash, never a hang.
struct HostileInputTests {
    private let nothing = "services: {}\n"

    @Test func aHundredThousandLevelsAreRefused() {
        for text in [String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000)] {
            let found = summaries("a:\n " + text)
            #expect(found.count == 1)
            #expect(found[0].contains("nested"))
        }
    }

    @Test func aliasBombIsRefused() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(summaries(text).contains { $0.hasSuffix("aliases repeat more than 1,000,000 values") })
    }

    @Test func anAliasInsideOfItselfIsRefused() {
        #expect(
            summaries("services: &a\n  web: *a\n")
                == ["stack.yaml:2:8: the alias \"*a\" stands inside of what it names, and would never end"]
        )
    }

    @Test(
        arguments: [
            ("", "stack.yaml:1:1: the file is empty: a stack needs \"services\""),
            ("# nothing\n", "stack.yaml:1:1: the file is empty: a stack needs \"services\""),
            ("a\u{0}b", "stack.yaml:1:2: a NUL byte: this is not a text file"),
            ("- a", "stack.yaml:1:1: a stack file is a mapping with \"services\", found a list"),
            ("a: 1\n\tb: 2", "stack.yaml:2:1: a tab is used for indentation, where YAML allows only spaces"),
            ("a: 'b", "stack.yaml:1:6: a quoted text that does not end"),
            ("services: {5: {}}", "stack.yaml:1:12: the key 5 is a number: quote it"),
            ("services: {}\nservices: {}", "stack.yaml:2:1: the key \"services\" is set twice"),
            ("services: *x", "stack.yaml:1:11: no anchor \"&x\" before this alias"),
            ("name: a", "stack.yaml:1:1: no \"services\" in this file"),
        ]
    )
    func textThatIsNoStackIsExplained(text: String, message: String) {
        #expect(summaries(text) == [message])
    }

    @Test func stacksThatIncludeThemselvesUnderEverNewNamesAreRefused() {
        // As with symbolic links from a directory to itself: every name leads to the same file.
        let text = "include: [a/stack.yaml, b/stack.yaml]\nservices: {}\n"
        let result = StackLoader(host: BytesHost(bytes: Array(text.utf8))).load(
            LoadRequest(files: ["stack.yaml"], workingDirectory: "/", projectName: "a", purpose: .show)
        )
        #expect(result.diagnostics.contains { $0.message.hasPrefix("more than 1,000 stacks are included") })
    }

    /// Each file alone is within the limits; a thousand of them would be walked for hours.
    @Test func whatAliasesRepeatIsCountedOverAllFiles() {
        var text = "x-a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...4 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "x-a\(level): &a\(level) [\(aliases)]\n"
        }
        text += "include: [a/stack.yaml, b/stack.yaml]\nservices: {}\n"
        let result = StackLoader(host: BytesHost(bytes: Array(text.utf8))).load(
            LoadRequest(files: ["stack.yaml"], workingDirectory: "/", projectName: "a", purpose: .show)
        )
        #expect(result.diagnostics.contains { $0.message == "aliases repeat more than 1,000,000 values" })
    }

    @Test func invalidTextIsPlaced() {
        let file = SourceFile(name: "stack.yaml", path: "/stacks/stack.yaml", bytes: Array("a: ".utf8) + [0xC3, 0x28])
        #expect(file.name == "stack.yaml")
    }

    @Test func aThousandProblemsAreEnough() {
        let text = "services:\n  web:\n    image: x\n" + (0..<20_000).map { "    comand\($0): x\n" }.joined()
        let found = summaries(text, purpose: .show)
        #expect(found.count == 1_001)
        #expect(found.last == "and 19,000 more problems")
    }

    @Test func filesThatCannotBeReadAreTold() {
        var host = FakeHost()
        host.directories.insert("/stacks/directory")
        host.files["/stacks/huge"] = String(repeating: "#", count: 17 << 20)
        let request = LoadRequest(files: ["directory", "missing", "huge"], workingDirectory: "/stacks")
        #expect(
            StackLoader(host: host).load(request).diagnostics.map(\.message) == [
                "directory: is a directory, not a file", "missing: no such file",
                "huge: longer than 16 MiB, which no stack file is",
            ]
        )
    }

    @Test func mutatedStacksNeverCrash() {
        let seeds = [
            "name: a\nservices:\n  web: &w\n    rootfs: r\n    command: [sleep, '9']\n    ports: [\"80:80\"]\n  b: *w\n",
            "services: {a: {image: \"${X:-y}\", environment: [A=1, B], volumes: [./a:/b:ro], <<: {tty: yes}}}\n",
            "services:\n  a:\n    deploy: {resources: {limits: {cpus: 1}}}\n    healthcheck: {test: x, interval: 1s}\n",
        ]
        let alphabet = Array("{}[]:,-&*!|>'\"%@`#?<=$~ \n\t\\0a\u{E9}".utf8) + [0xFF, 0x00, 0xC3]
        var generator = SplitMix(state: 42)
        for round in 0..<3_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[position] = byte
                case 1: bytes.insert(byte, at: position)
                case 2 where bytes.count > 1: bytes.remove(at: position)
                default: bytes.insert(contentsOf: bytes[position..<min(position + 9, bytes.count)], at: position)
                }
            }
            let result = StackLoader(host: BytesHost(bytes: bytes)).load(
                LoadRequest(files: ["stack.yaml"], workingDirectory: "/", projectName: "a", purpose: .show)
            )
            #expect(result.hasErrors || result.document != nil)
            _ = DiagnosticRenderer().render(result.diagnostics)
            guard let document = result.document else { continue }
            let again = StackLoader(host: BytesHost(bytes: Array(document.yaml().utf8))).load(
                LoadRequest(files: ["stack.yaml"], workingDirectory: "/", projectName: "a", purpose: .show)
            )
            #expect(again.document?.yaml() == document.yaml(), "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}

/// A machine with one file of any bytes.
private struct BytesHost: HostInspector {
    let bytes: [UInt8]

    func read(_ path: String, atMost limit: Int) -> Result<[UInt8], FileProblem> { .success(bytes) }
    func kind(ofPath path: String) -> FileKind { .directory }
    func executable(
        _ name: String, searchPath: [String], workingDirectory: String, inRootfs rootfs: String
    ) -> ExecutableLookup { .found }
}
