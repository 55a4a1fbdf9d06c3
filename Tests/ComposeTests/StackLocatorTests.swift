import Compose
import Testing

/// Which stack is meant.
struct StackLocatorTests {
    private func request(
        _ files: [String], in directory: String = "/work/app", environment: [String: String] = [:],
        _ change: (inout StackLocator.Options) -> Void = { _ in }
    ) throws -> (request: LoadRequest, warnings: [Diagnostic]) {
        var host = FakeHost()
        for file in files {
            let parts = file.split(separator: "=", maxSplits: 1)
            host.files[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        var options = StackLocator.Options()
        change(&options)
        let locator = StackLocator(host: host, workingDirectory: directory, environment: environment)
        return try locator.request(options)
    }

    @Test func ourNameComesFirstAndTheNearestDirectoryWins() throws {
        #expect(try request(["/work/app/compose.yaml", "/work/app/stack.yaml"]).request.files == ["stack.yaml"])
        #expect(try request(["/work/stack.yaml", "/stack.yaml"]).request.files == ["/work/stack.yaml"])
        #expect(throws: StackLocator.NoStackFile.self) { try request([]) }
    }

    @Test func anOverrideFileBesideJoinsTheStack() throws {
        let found = try request(["/work/app/compose.yaml", "/work/app/compose.override.yaml"])
        #expect(found.request.files == ["compose.yaml", "compose.override.yaml"])
        let named = try request(["/work/app/compose.yaml", "/work/app/compose.override.yaml"]) {
            $0.files = ["compose.yaml"]
        }
        #expect(named.request.files == ["compose.yaml"])
    }

    @Test func severalNamesAreWarnedOf() throws {
        let found = try request(["/work/app/compose.yaml", "/work/app/docker-compose.yml"])
        #expect(found.warnings.map(\.message) == ["compose.yaml is used, not docker-compose.yml"])
    }

    @Test func theEnvironmentNamesFilesAndProfiles() throws {
        let environment = ["COMPOSE_FILE": "a.yaml:b.yaml", "COMPOSE_PROFILES": "x, y"]
        let found = try request([], environment: environment)
        #expect(found.request.files == ["a.yaml", "b.yaml"])
        #expect(found.request.profiles == ["x", "y"])
        let separated = try request(
            [], environment: ["COMPOSE_FILE": "a.yaml;b.yaml", "COMPOSE_PATH_SEPARATOR": ";"]
        )
        #expect(separated.request.files == ["a.yaml", "b.yaml"])
    }

    @Test func theEnvFileBesideConfiguresTheCommandToo() throws {
        let files = ["/work/app/.env=COMPOSE_FILE=a.yaml\nCOMPOSE_PROFILES=debug\n"]
        let found = try request(files)
        #expect(found.request.files == ["a.yaml"])
        #expect(found.request.profiles == ["debug"])
        #expect(found.request.environmentFiles == [".env"])
        #expect(throws: StackLocator.NoStackFile.self) {
            try request(files, environment: ["COMPOSE_DISABLE_ENV_FILE": "1"])
        }
    }

    @Test func namedEnvFilesReplaceTheOneBeside() throws {
        let found = try request(["/work/app/stack.yaml", "/work/app/.env"]) {
            $0.environmentFiles = ["a.env", "b.env"]
        }
        #expect(found.request.environmentFiles == ["a.env", "b.env"])
        let listed = try request(["/work/app/stack.yaml"], environment: ["COMPOSE_ENV_FILES": "c.env,d.env"])
        #expect(listed.request.environmentFiles == ["c.env", "d.env"])
    }
}
