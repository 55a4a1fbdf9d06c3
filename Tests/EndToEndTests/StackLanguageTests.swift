import Linux
import Testing

/// The commands that look at a stack file, as people use them.
@Suite("The stack file on the command line")
struct StackLanguageTests {
    /// Runs a command in a directory with these files.
    private func compose(
        _ arguments: String..., files: [String: String], environment: [String] = []
    ) throws -> Program.Outcome {
        let directory = try TemporaryDirectory()
        for (name, text) in files { try directory.write(name, text) }
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        let outcome = try Program(path: "/bin/sh").run(
            ["-c", "cd \(directory.path) && \(Program.compose.path) \(words)"], environment: environment)
        return Program.Outcome(
            status: outcome.status, output: outcome.output.replacing(directory.path, with: "DIR"),
            errors: outcome.errors)
    }

    private let shop = [
        "compose.yaml": """
        name: shop
        services:
          web:
            image: "web:${TAG:-1}"
            environment: {PORT: 80}
            depends_on: [db]
            volumes: [./data:/data, kept:/kept]
          db: {image: db}
          debug: {image: "debug:2", profiles: [dev]}
        volumes: {kept: {}, unused: {}}
        """,
        "compose.override.yaml": "services: {web: {environment: {PORT: 8080}}}\n",
        ".env": "TAG=2\n",
    ]

    @Test func configListsThePartsOfAStack() throws {
        #expect(try compose("config", "--services", files: shop).output == "db\nweb\n")
        #expect(try compose("--profile", "*", "config", "--services", files: shop).output == "db\ndebug\nweb\n")
        #expect(try compose("config", "--images", files: shop).output == "db\nweb:2\n")
        #expect(try compose("config", "--images", files: shop, environment: ["TAG=3"]).output == "db\nweb:3\n")
        #expect(try compose("config", "--volumes", files: shop).output == "kept\n")
        #expect(try compose("config", "--all-resources", "--volumes", files: shop).output == "kept\nunused\n")
        #expect(try compose("config", "--networks", files: shop).output == "default\n")
        #expect(try compose("--profile", "dev", "config", "--profiles", files: shop).output == "dev\n")
        #expect(try compose("config", "--environment", files: shop).output.contains("\nTAG=2\n"))
        let hashes = try compose("config", "--hash", "*", files: shop).lines
        #expect(hashes.map { $0.prefix { $0 != " " } } == ["db", "web"])
        #expect(try compose("config", "--hash", "db", files: shop).lines == [hashes[0]])
        #expect(try compose("config", "--hash", "no", files: shop).exitCode == 1)
    }

    @Test func configPrintsTheServicesThatAreNamed() throws {
        #expect(try compose("config", "db", "--services", files: shop).output == "db\n")
        #expect(try compose("config", "web", "--services", files: shop).output == "db\nweb\n")
        #expect(try compose("config", "debug", "--services", files: shop).output == "debug\n")
        let unknown = try compose("config", "wep", files: shop)
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors == "gocker-compose: no service \"wep\" in this stack (did you mean \"web\"?)\n")
    }

    @Test func configLeavesOutWhatItIsToldTo() throws {
        let raw = try compose("config", "--no-interpolate", "--no-path-resolution", "--no-normalize", files: shop)
        #expect(raw.output.contains("image: web:${TAG:-1}"))
        #expect(raw.output.contains("source: ./data"))
        #expect(!raw.output.contains("networks:"))
        #expect(try compose("config", "-q", files: shop).output == "")
        let file = try compose("config", "-o", "all.yaml", files: shop)
        #expect(file.exitCode == 0)
        #expect(file.output == "")
    }

    @Test func configExplainsAValue() throws {
        let explained = try compose("config", "--explain", "web.environment.PORT", files: shop)
        #expect(
            explained.output == """
                services.web.environment.PORT: "8080"
                  compose.yaml:5:25           in place of what is set here
                  compose.override.yaml:1:38  set here

                """)
        #expect(
            try compose("config", "--explain", "web.image", files: shop).output.contains("the variable TAG, set here"))
        #expect(try compose("config", "--explain", "web.nothing", files: shop).exitCode == 1)
    }

    @Test func checkTellsProgramsAndPeople() throws {
        let files = ["stack.yaml": "name: a\nservices: {web: {rootfs: /, command: true, comand: x}}\n"]
        let people = try compose("check", files: files)
        #expect(people.exitCode == 1)
        #expect(people.output.contains("unknown key \"comand\" in service \"web\" (did you mean \"command\"?)"))
        #expect(people.output.contains("may use all memory"))
        let programs = try compose("check", "--format", "json", files: files)
        #expect(programs.exitCode == 1)
        #expect(programs.output.contains("\"suggestion\": \"command\""))
        #expect(try compose("check", "--format", "sarif", files: files).output.contains("\"version\": \"2.1.0\""))
    }

    @Test func checkHoldsRisksAgainstAStackOnlyWhereItIsStrict() throws {
        let risky = ["stack.yaml": "name: a\nservices: {web: {rootfs: /, command: \"true\", restart: \"no\"}}\n"]
        #expect(try compose("check", files: risky).exitCode == 0)
        #expect(try compose("check", "--strict", files: risky).exitCode == 1)
        let sound = risky.mapValues { $0.replacing("restart", with: "mem_limit: 64m, restart") }
        let outcome = try compose("check", "--strict", files: sound)
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors == "no problems\n")
    }

    @Test func strictMakesAnUnsetVariableAnError() throws {
        let files = ["stack.yaml": "name: a\nservices: {web: {image: \"x${NO}\"}}\n"]
        #expect(try compose("config", files: files).exitCode == 0)
        #expect(try compose("--strict", "config", files: files).exitCode == 1)
    }

    @Test func graphAndSchemaArePrinted() throws {
        #expect(try compose("graph", files: shop).output == "web\n`-- db (started)\n")
        #expect(try compose("graph", "--format", "dot", files: shop).output.hasPrefix("digraph \"shop\""))
        #expect(try compose("schema", files: [:]).output.contains("\"pids_limit\""))
    }

    @Test func aStackFileIsReadFromTheStandardInput() throws {
        let outcome = try Program.compose.run(
            "-p", "a", "-f", "-", "config", "--services", input: "services: {web: {image: x}}\n")
        #expect(outcome.output == "web\n")
    }
}
