import FoundationEssentials
import Linux
import Testing

@testable import Compose

private let corpus = ProcessInfo.processInfo.environment["GOCKER_CONFORMANCE"]

/// Vectors of another implementation, where they are at hand: below the folder that `GOCKER_CONFORMANCE` names.
@Suite("The vectors of the reference", .enabled(if: corpus != nil, "GOCKER_CONFORMANCE is not set"))
struct ConformanceTests {
    struct Vector<Value: Decodable & Sendable>: Decodable, Sendable {
        let input: String
        var env: [String: String]?
        var result: Value?
        var error: String?
    }

    private func vectors<Value>(_ name: String, _ type: Value.Type) throws -> [Vector<Value>] {
        let corpus = try #require(corpus)
        let data = try Data(contentsOf: URL(filePath: "\(corpus)/compose/vectors/\(name).json"))
        return try JSONDecoder().decode([Vector<Value>].self, from: data)
    }

    @Test func templates() throws {
        for vector in try vectors("interpolation", String.self) {
            let environment = vector.env ?? [:]
            var template = Template { environment[$0] }
            #expect((try? template.substitute(vector.input)) == vector.result, "\(vector.input)")
        }
    }

    @Test func envFiles() throws {
        for vector in try vectors("dotenv", [String: String].self) {
            let environment = vector.env ?? [:]
            let file = SourceFile(name: ".env", path: "/.env", text: vector.input)
            var reader = EnvFile(file) { environment[$0] }
            reader.read()
            let failed = reader.problems.hasErrors
            #expect(failed == (vector.error != nil), "\(vector.input)")
            guard !failed else { continue }
            let values = Dictionary(uniqueKeysWithValues: reader.variables.map { ($0, $1.value) })
            #expect(values == vector.result, "\(vector.input)")
        }
    }

    @Test func sizes() throws {
        for vector in try vectors("bytes", Int64.self) {
            #expect(ByteText.parse(vector.input) ?? ByteCount(vector.input)?.bytes == vector.result, "\(vector.input)")
        }
    }

    private struct Time: Decodable, Sendable {
        let canonical: String
        let nanoseconds: Int64
    }

    @Test func durations() throws {
        for vector in try vectors("duration", Time.self) {
            let duration = DurationText.parse(vector.input)
            #expect(duration == vector.result.map { .nanoseconds($0.nanoseconds) }, "\(vector.input)")
            #expect(duration.map(DurationText.format) == vector.result?.canonical, "\(vector.input)")
        }
    }

    private struct Port: Decodable, Sendable {
        var host: String?
        var published: String?
        let target: Int
        let proto: String

        enum CodingKeys: String, CodingKey {
            case host = "host_ip"
            case published
            case target
            case proto = "protocol"
        }
    }

    @Test func ports() throws {
        for vector in try vectors("port-short-syntax", [Port].self) {
            let expected = vector.result?.map {
                PortText.Port(host: $0.host, published: $0.published, target: $0.target, proto: $0.proto)
            }
            #expect((try? PortText.parse(vector.input)) == expected, "\(vector.input)")
        }
    }

    private struct Mount: Decodable, Sendable {
        let type: String
        var source: String?
        let target: String
        var isReadOnly: Bool?

        enum CodingKeys: String, CodingKey {
            case type
            case source
            case target
            case isReadOnly = "read_only"
        }
    }

    @Test func mounts() throws {
        for vector in try vectors("volume-short-syntax", Mount.self) {
            let volume = VolumeText.parse(vector.input)
            #expect((volume == nil) == (vector.error != nil), "\(vector.input)")
            guard let volume, let expected = vector.result else { continue }
            #expect(volume.source == expected.source, "\(vector.input)")
            #expect(volume.target == expected.target, "\(vector.input)")
            #expect(volume.isBind == (expected.type == "bind"), "\(vector.input)")
            #expect(volume.options.contains("ro") == (expected.isReadOnly ?? false), "\(vector.input)")
        }
    }
}
