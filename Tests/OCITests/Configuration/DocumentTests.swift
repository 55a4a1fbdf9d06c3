import JSON
import Linux
import Testing

@Suite("config.json", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct DocumentTests {
    /// config.md, Specification version: a runtime that knows one 1.x knows them all.
    @Test(arguments: ["1.0.0", "1.0.1", "1.0.2", "1.0.2-dev", "1.1.0", "1.1.0-rc.3", "1.2.0", "1.2.1", "1.3.0"])
    func mayHaveAnyVersionOne(version: String) throws {
        #expect(try Container.lines("echo ran") { $0["ociVersion"] = .string(version) } == ["ran"])
    }

    @Test(arguments: ["2.0.0", "garbage", "", "1", "1.x.0", "0.9.0", nil])
    func hasAVersionThatIsOne(version: String?) throws {
        let container = try Container("echo ran") { $0["ociVersion"] = version.map { .string($0) } }
        let outcome = try container.run()
        #expect(!outcome.succeeded, "\(outcome.report)")
    }

    /// config.md, Extensibility: unknown properties are ignored.
    @Test func mayHavePropertiesThatAreUnknown() throws {
        let lines = try Container.lines("echo ran") {
            $0["unknown"] = ["key": [1, .number(2.5), "three"]]
            $0["process.unknown"] = "text"
            $0["linux.unknown"] = ["key": "value"]
            $0["linux.resources.unknown"] = ["limit": 1]
            $0["annotations"] = .object([("org.example.unknown", "value"), ("run.oci.nothing", "value")])
        }
        #expect(lines == ["ran"])
    }

    /// config.md, Valid values: an error that names the property.
    @Test(
        arguments: [
            ("process.cwd", 5), ("process.args", "text"), ("process.user.uid", "root"), ("mounts", [:]),
            ("root", []), ("root.path", 7), ("linux.namespaces", "all"), ("hostname", []), ("process.env", [1]),
            ("linux.resources.pids.limit", "many"), ("process.terminal", "yes"), ("hooks.prestart", "none"),
            ("linux.maskedPaths", "/proc"),
        ] as [(String, JSONValue)])
    func withAValueOfAnotherTypeIsAnErrorThatSaysWhere(path: String, value: JSONValue) throws {
        let container = try Container("echo ran") { $0[path] = value }
        let outcome = try container.run()
        #expect(!outcome.succeeded)
        #expect(outcome.output == "")
        let field = path.split(separator: ".").last.map { $0.lowercased() } ?? path
        #expect(outcome.errors.lowercased().contains(field), "\(outcome.report)")
    }

    @Test(arguments: ["", "{", "[]", "null", "{\"ociVersion\": \"1.0.0\",}", "{} {}", "\u{feff}{}"])
    func thatIsNoneIsAnError(text: String) throws {
        let container = try Container("echo ran")
        try container.directory.write("bundle/config.json", text)
        let outcome = try container.runtime("run", "--bundle", container.bundle, container.id)
        #expect(!outcome.succeeded)
        #expect(outcome.errors != "")
        #expect(try container.leftovers() == [])
    }

    /// runtime.md, Start: an error where there is no process, and nothing to run it on.
    @Test(arguments: ["process", "root", "process.cwd"])
    func withoutWhatIsRequiredIsAnError(path: String) throws {
        let container = try Container("echo ran") { $0[path] = nil }
        var outcome = try container.create()
        if outcome.succeeded { outcome = try container.start() }
        #expect(!outcome.succeeded)
    }

    /// What is not `linux` is of other platforms.
    @Test func mayHaveSectionsOfOtherPlatforms() throws {
        let lines = try Container.lines("echo ran") {
            $0["solaris"] = ["milestone": "none"]
            $0["windows"] = ["layerFolders": ["C:"]]
        }
        #expect(lines == ["ran"])
    }

    /// config.md, Valid values: what this machine cannot do is an error, and not left out.
    @Test(.enabled(if: !exists("/sys/kernel/security/apparmor"), "AppArmor is there"))
    func withAProfileThatCannotBeAppliedIsAnError() throws {
        let container = try Container { $0["process.apparmorProfile"] = "some-profile" }
        #expect(!(try container.create().succeeded))
    }

    /// config-linux.md, IntelRdt: an error where the file system for it is not mounted.
    @Test(.enabled(if: !exists("/sys/fs/resctrl/schemata"), "resctrl is mounted"))
    func withCacheSharesThatCannotBeGivenIsAnError() throws {
        let container = try Container { $0["linux.intelRdt"] = ["closID": "group", "l3CacheSchema": "L3:0=f"] }
        #expect(!(try container.create().succeeded))
    }
}
