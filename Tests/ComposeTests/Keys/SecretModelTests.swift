import OrderedCollections
import Testing

@testable import Compose

/// What a stack file says about secrets and configs.
struct SecretModelTests {
    private static let text = """
        name: shop
        services:
          web:
            rootfs: rootfs
            command: sleep 1
            secrets: [file, {source: variable, target: other, uid: "5", gid: "6", mode: 0440}]
            configs: [text, {source: text, target: /etc/x}]
        secrets: {file: {file: secret}, variable: {environment: SECRET}}
        configs: {text: {content: "a $$b"}}
        """

    private func stack(_ secret: String = "one", _ variable: String = "sesame") throws -> Stack {
        var host = FakeHost()
        host.files["/stacks/secret"] = secret
        return try #require(load(Self.text, environment: ["SECRET": variable], host: host).stack)
    }

    @Test func areFilesOfTheService() throws {
        let files = try #require(try stack().services.values.first).files
        #expect(files.map(\.target) == ["/run/secrets/file", "/run/secrets/other", "/text", "/etc/x"])
        #expect(files.map(\.mode) == [0o444, 0o440, 0o444, 0o444])
        #expect(files.map(\.owner) == [0, 5, 0, 0] && files.map(\.group) == [0, 6, 0, 0])
        #expect(files.first?.content == .file("/stacks/secret") && files.last?.content == .text("a $b"))
    }

    @Test func contentsCountAndAreNotInTheText() throws {
        let stack = try stack()
        #expect(stack.contents.values.map { String(decoding: $0, as: UTF8.self) } == ["sesame"])
        #expect(!stack.canonicalYAML.contains("sesame"))
        let fingerprint = stack.services.values.first?.fingerprint
        #expect(try self.stack().services.values.first?.fingerprint == fingerprint)
        #expect(try self.stack("other").services.values.first?.fingerprint != fingerprint)
        #expect(try self.stack("one", "other").services.values.first?.fingerprint != fingerprint)
        // What is kept on disk makes the same service.
        let restored = CanonicalStack.read(stack.canonicalYAML, project: stack.name, directory: stack.directory)
        #expect(restored == stack)
        #expect(restored?.services.values.first?.storedContents == Array(stack.contents.keys))
    }

    @Test func aChangeIsToldWithoutItsContent() throws {
        let old = try #require(try stack().services.values.first)
        let new = try #require(try stack("other").services.values.first)
        #expect(
            new.differences(from: old).map { "\($0.path): \($0.old ?? "") → \($0.new ?? "")" }
                == ["secrets.file: old content → new content"])
    }

    @Test func whatIncludedStacksTakeFromTheirOwnVariablesIsTheirs() throws {
        var host = FakeHost()
        host.files["/stacks/inner/inner.yaml"] = """
            services: {a: {rootfs: ../rootfs, command: sleep 1, secrets: [s]}}
            secrets: {s: {environment: INNER}}
            """
        host.files["/stacks/inner/.env"] = "INNER=from-inside\n"
        let stack = try #require(load("include: [inner/inner.yaml]", host: host).stack)
        #expect(stack.contents.values.map { String(decoding: $0, as: UTF8.self) } == ["from-inside"])
    }

    @Test func whatIsMissingIsToldWithItsPlace() {
        #expect(
            summaries(Self.text) == [
                "stack.yaml:8:24: the secret \"file\" is the file \"/stacks/secret\", which is not there",
                "stack.yaml:8:57: the secret \"variable\" is the variable \"SECRET\", which is not set",
            ])
        let head = "services: {web: {rootfs: rootfs, command: sleep 1, secrets: "
        #expect(
            summaries("\(head)[s]}}\nsecrets: {s: {external: true}}") == [
                "stack.yaml:2:25: the secret \"s\" is external, and there is no store to take it from: give it a "
                    + "\"file\" or an \"environment\""
            ])
        var host = FakeHost()
        host.files["/stacks/x"] = "x"
        #expect(
            summaries("\(head)[{source: s, uid: root}]}}\nsecrets: {s: {file: x}}", host: host)
                == ["stack.yaml:1:79: expected a number for \"uid\" in service \"web\", found \"root\""])
    }
}
