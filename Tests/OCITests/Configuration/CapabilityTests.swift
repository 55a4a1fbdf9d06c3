import JSON
import Linux
import Testing

@Suite("Capabilities", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct CapabilityTests {
    private static func sets(_ change: (inout Configuration) throws -> Void) throws -> [String: String] {
        let lines = try Container.lines("grep ^Cap /proc/self/status", change)
        let pairs = lines.map { line in
            let parts = line.split { ":\t".contains($0) }
            return (String(parts[0]), String(parts[1].drop { $0 == "0" }))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// config.md, `capabilities`: five sets, each as configured. CHOWN is bit 0, KILL 5, NET_BIND_SERVICE 10.
    @Test func areTheFiveConfiguredSets() throws {
        let sets = try Self.sets {
            $0["process.capabilities"] = [
                "bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
                "permitted": ["CAP_CHOWN", "CAP_KILL"], "effective": ["CAP_CHOWN"],
                "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"],
            ]
            // Root would get all that is permitted by executing.
            $0["process.user"] = ["uid": 1000, "gid": 1000]
        }
        #expect(sets == ["CapInh": "20", "CapPrm": "20", "CapEff": "20", "CapBnd": "421", "CapAmb": "20"])
    }

    /// An ambient capability is what another user than root keeps.
    @Test func areKeptByAnotherUserWhereAmbient() throws {
        let sets = try Self.sets {
            let one: JSONValue = ["CAP_NET_BIND_SERVICE"]
            $0["process.capabilities"] = [
                "bounding": one, "permitted": one, "effective": one, "inheritable": one, "ambient": one,
            ]
            $0["process.user"] = ["uid": 1000, "gid": 1000]
            $0["process.noNewPrivileges"] = true
        }
        #expect(sets == ["CapInh": "400", "CapPrm": "400", "CapEff": "400", "CapBnd": "400", "CapAmb": "400"])
    }

    @Test func areNoneWhereTheSetsAreEmpty() throws {
        let sets = try Self.sets {
            $0["process.capabilities"] = ["bounding": [], "permitted": [], "effective": []]
        }
        #expect(Set(sets.values) == [""])
    }

    /// config.md, `capabilities`: what cannot be mapped to the kernel must be warned about; runtimes may refuse it too, but not be silent.
    @Test(arguments: ["CAP_NOTHING", "CHOWN", "cap_chown", ""]) func thatAreUnknownDoNotPassInSilence(name: String)
        throws
    {
        let container = try Container("echo ran") {
            $0.append(.string(name), to: "process.capabilities.bounding")
        }
        let outcome = try container.run()
        #expect(!outcome.succeeded || outcome.errors.lowercased().contains("cap"), "\(outcome.report)")
    }
}
