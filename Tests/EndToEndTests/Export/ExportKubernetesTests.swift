import JSON
import Linux
import Testing

@Suite("A stack is exported to Kubernetes")
struct ExportKubernetesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("rootfs/etc/motd", "hello\n")
        try directory.write("tls.key", "sesame")
        try directory.write(
            "stack.yaml",
            """
            name: shop
            services:
              web: {rootfs: rootfs, command: web, restart: always, secrets: [key], ports: ["80:80"]}
              other: {rootfs: rootfs, command: other, restart: "no"}
            secrets: {key: {file: ./tls.key}}
            """)
    }

    private struct Unexpected: Error {}

    private func export(_ options: String...) throws -> Program.Outcome {
        try Program.compose.run(["export", "kubernetes"] + options + ["\(directory.path)/stack.yaml"])
    }

    @Test func ofOneStackOneTextComes() throws {
        let export = try export()
        #expect(export.exitCode == 0, "\(export.errors)")
        let kinds = export.lines.filter { $0.hasPrefix("kind: ") }
        #expect(kinds == ["kind: Job", "kind: Service", "kind: Service", "kind: Deployment"])
        #expect(export.output.split(separator: "\n").filter { $0 == "---" }.count == 3)
        // Services that share a root file system share an image.
        let images = Set(export.lines.filter { $0.contains(" image: ") }.map { $0.drop { $0 == " " } })
        #expect(images.count == 1)
        #expect(images.first?.hasPrefix("image: shop-other:") == true)
        #expect(export.errors.contains("stack.yaml:5:11: the secret \"key\" is not written down"))
        #expect(!export.output.contains("c2VzYW1l"))

        let list = try JSONReader.read(Array(try self.export("--format", "json").output.utf8))
        guard case .array(let items)? = list["items"] else { throw Unexpected() }
        #expect(items.map { $0["kind"] } == ["Job", "Service", "Service", "Deployment"])
    }

    @Test func inADirectoryEachObjectIsAFile() throws {
        let output = "\(directory.path)/deploy"
        let export = try export("-o", "\(output)/", "--with-secrets", "--registry", "registry.example/team")
        #expect(export.exitCode == 0, "\(export.errors)")
        #expect(export.output == "")
        #expect(export.errors.contains("deploy/ is written; now: kubectl apply -f"))
        let names = ["deployment-web", "job-other", "secret-shop-key", "service-web", "service-web-published"]
        #expect(
            try FileDescriptor.open(output, .directory).entries().filter { $0 != "images" }.sorted()
                == names.map { "\($0).yaml" }.sorted())
        #expect(try FileStatus.of("\(output)/secret-shop-key.yaml").mode == 0o600)
        #expect(try FileStatus.of("\(output)/job-other.yaml").mode == 0o644)
        #expect(try readText("\(output)/job-other.yaml").contains("image: registry.example/team/shop-other:"))
    }

    @Test func whatCannotBeSaidIsToldAndNothingIsWritten() throws {
        try directory.write(
            "stack.yaml",
            """
            services:
              web:
                rootfs: rootfs
                command: web
                ulimits: {nofile: 1024}
                volumes: [./data:/data]
            """)
        let output = "\(directory.path)/deploy"
        let export = try export("-o", "\(output)/")
        #expect(export.exitCode == 1)
        #expect(
            export.errors.contains(
                """
                stack.yaml:5:5: Kubernetes has no word for "ulimits": the nodes' engine says it for all containers, or the \
                program for itself, or leave it out with --ignore ulimits
                    5 |     ulimits: {nofile: 1024}
                      |     ^~~~~~~
                """), "\(export.errors)")
        #expect(export.errors.contains("stack.yaml:6:15: Kubernetes has no word for \"volumes\""))
        #expect((try? FileStatus.of(output)) == nil)

        let ignoring = try self.export("--ignore", "ulimits", "--allow-host-path")
        #expect(ignoring.exitCode == 0, "\(ignoring.errors)")
        #expect(ignoring.output.contains("hostPath:"))
    }

    @Test(arguments: [
        (["--ignore", "ulimit"], "there is no such key in stack files; did you mean \"ulimits\"?"),
        (["--namespace", "My_Shop"], "--namespace My_Shop: expected lower-case letters"),
        (["--volume-size", "much"], "--volume-size much: expected a size such as 10g"),
        (["--publish", "everywhere"], "load-balancer"),
    ])
    func wrongOptionsAreRefused(options: [String], message: String) throws {
        let export = try Program.compose.run(["export", "kubernetes"] + options + ["\(directory.path)/stack.yaml"])
        #expect(export.exitCode == 1)
        #expect(export.errors.contains(message), "\(export.errors)")
    }

    @Test func whatWouldBeMadeIsNamedByADryRun() throws {
        let export = try export("--dry-run", "-o", "\(directory.path)/deploy/")
        #expect(
            export.lines.dropFirst() == ["+ Job other", "+ Service web", "+ Service web-published", "+ Deployment web"])
        #expect((try? FileStatus.of("\(directory.path)/deploy")) == nil)
    }
}
