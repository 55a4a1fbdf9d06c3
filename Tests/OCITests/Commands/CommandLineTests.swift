import JSON
import Linux
import Testing

@Suite("The command line", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct CommandLineTests {
    /// Engines read the first line, and the one of the specification.
    @Test func tellsItsVersion() throws {
        let outcome = try OCIRuntime.program.run(["--version"])
        #expect(outcome.succeeded)
        #expect(outcome.lines.first?.contains(" version ") == true, "\(outcome.report)")
        #expect(lines(of: outcome, beginningWith: "spec: 1."), "\(outcome.report)")
        #expect(lines(of: outcome, beginningWith: "commit: "), "\(outcome.report)")
    }

    private func lines(of outcome: Program.Outcome, beginningWith prefix: String) -> Bool {
        outcome.lines.contains { $0.hasPrefix(prefix) }
    }

    @Test(arguments: ["--help", "-h"]) func tellsWhatItCan(option: String) throws {
        let outcome = try OCIRuntime.program.run([option])
        #expect(outcome.succeeded)
        for verb in ["create", "start", "state", "kill", "delete", "run", "exec", "list"] {
            #expect(outcome.output.contains(verb))
        }
    }

    @Test(arguments: [["no-such-verb"], ["--no-such-option", "list"], ["create", "--no-such-option", "a"]])
    func refusesWhatItDoesNotKnow(arguments: [String]) throws {
        let directory = try TemporaryDirectory()
        let outcome = try OCIRuntime.program.run(["--root", directory.path] + arguments)
        #expect(!outcome.succeeded, "\(outcome.report)")
    }

    /// Options come with `=` or as two words.
    @Test func takesOptionsInBothForms() throws {
        let container = try Container("echo ran")
        try container.writeConfig()
        for arguments in [
            ["--root=\(container.stateRoot)", "run", "--bundle=\(container.bundle)", container.id],
            ["--root", container.stateRoot, "run", "-b", container.bundle, container.id],
        ] {
            let outcome = try OCIRuntime.program.run(arguments)
            #expect(outcome.output == "ran\n", "\(outcome.report)")
        }
    }

    /// What engines pass without a meaning for us.
    @Test func takesTheOptionsOfEngines() throws {
        let container = try Container("echo ran; sleep 1000")
        try container.writeConfig()
        let log = "\(container.directory.path)/log"
        let outcome = try OCIRuntime.program.run([
            "--root", container.stateRoot, "--log", log, "--log-format=json", "--debug", "create", "--no-new-keyring",
            "--bundle", container.bundle, "--pid-file", "\(container.directory.path)/pid", container.id,
        ])
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(exists("\(container.directory.path)/pid"))
    }

    /// features.md, Structure: what engines ask for at their start.
    @Test func tellsItsFeatures() throws {
        let outcome = try OCIRuntime.program.run(["features"])
        #expect(outcome.succeeded, "\(outcome.report)")
        let features = try JSONValue.read(outcome.output)
        #expect(features["ociVersionMin"]?.text == "1.0.0")
        let newest = try #require(features["ociVersionMax"]?.text)
        #expect(newest.hasPrefix("1."))
        let linux = try #require(features["linux"])
        let hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]
        let namespaces = ["mount", "pid", "network", "ipc", "uts", "user", "cgroup"]
        for (list, expected) in [
            (features["hooks"], hooks), (features["mountOptions"], ["bind", "rbind", "ro", "rro", "nosuid"]),
            (linux["namespaces"], namespaces), (linux["capabilities"], ["CAP_CHOWN", "CAP_SYS_ADMIN"]),
            (linux["seccomp"]?["actions"], ["SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW"]),
        ] {
            let names = Set(list?.texts ?? [])
            #expect(names.isSuperset(of: expected))
        }
        #expect(linux["cgroup"]?["v1"] == true)
        #expect(linux["cgroup"]?["v2"] == true)
        #expect(linux["seccomp"]?["enabled"] == true)
    }

    /// features.md, Specification version: both ends of the range must be accepted as `ociVersion`.
    @Test func acceptsTheVersionsItClaims() throws {
        let features = try JSONValue.read(try OCIRuntime.program.run(["features"]).output)
        for key in ["ociVersionMin", "ociVersionMax"] {
            let version = try #require(features[key])
            #expect(try Container.lines("echo ran") { $0["ociVersion"] = version } == ["ran"])
        }
    }

    // MARK: spec

    @Test func writesAConfigurationThatWorks() throws {
        let container = try Container()
        #expect(try container.runtime("spec", "--bundle", container.bundle).succeeded)
        let text = try readText("\(container.bundle)/config.json")
        container.config.json = try JSONValue.read(text)
        #expect(container.config["ociVersion"]?.text?.hasPrefix("1.") == true)
        container.config["process.terminal"] = false
        container.config.script = "echo ran"
        let outcome = try container.run()
        #expect(outcome.output == "ran\n", "\(outcome.report)")
    }

    @Test func writesNoConfigurationOverAnother() throws {
        let container = try Container()
        try container.directory.write("bundle/config.json", "mine")
        #expect(!(try container.runtime("spec", "--bundle", container.bundle).succeeded))
        #expect(try readText("\(container.bundle)/config.json") == "mine")
    }

    @Test func writesAConfigurationForUsersThatAreNotRoot() throws {
        let container = try Container()
        #expect(try container.runtime("spec", "--rootless", "--bundle", container.bundle).succeeded)
        let config = Configuration(json: try JSONValue.read(try readText("\(container.bundle)/config.json")))
        #expect(config.items(of: "linux.namespaces").contains { $0["type"]?.text == "user" })
        #expect(config.items(of: "linux.uidMappings").first?["containerID"]?.number == 0)
    }

    // MARK: The log

    /// Engines show the last error of this file.
    @Test func writesErrorsToTheLogAsJSON() throws {
        let container = try Container { $0["process.args"] = ["nosuchtool"] }
        try container.writeConfig()
        let log = "\(container.directory.path)/log"
        let outcome = try OCIRuntime.program.run([
            "--root", container.stateRoot, "--log", log, "--log-format", "json", "run", "--bundle", container.bundle,
            container.id,
        ])
        #expect(!outcome.succeeded)
        let entries = try readText(log).split(separator: "\n").map { try JSONValue.read(String($0)) }
        let error = try #require(entries.last { $0["level"]?.text == "error" }, "\(entries)")
        #expect(error["msg"]?.text?.contains("not found in $PATH") == true, "\(error)")
        #expect(error["time"]?.text?.contains("T") == true)
    }

    @Test func writesErrorsToTheLogAsText() throws {
        let container = try Container()
        let log = "\(container.directory.path)/log"
        let outcome = try OCIRuntime.program.run(["--root", container.stateRoot, "--log", log, "state", "unknown"])
        #expect(!outcome.succeeded)
        #expect(try readText(log) != "")
    }

    @Test func addsToALogThatIsThere() throws {
        let container = try Container()
        let log = try container.directory.write("log", "before\n")
        _ = try OCIRuntime.program.run(["--root", container.stateRoot, "--log", log, "state", "unknown"])
        #expect(try readText(log).hasPrefix("before\n"))
    }

    @Test func writesNoErrorWhereThereIsNone() throws {
        let container = try Container("true")
        try container.writeConfig()
        let log = "\(container.directory.path)/log"
        let outcome = try OCIRuntime.program.run([
            "--root", container.stateRoot, "--log", log, "--log-format", "json", "run", "--bundle", container.bundle,
            container.id,
        ])
        #expect(outcome.succeeded)
        #expect(outcome.errors == "")
        #expect(!((try? readText(log)) ?? "").contains("\"error\""))
    }
}
