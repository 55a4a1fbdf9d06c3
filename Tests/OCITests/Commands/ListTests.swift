import JSON
import Linux
import Testing

@Suite("list and ps", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct ListTests {
    @Test func showsATable() throws {
        let container = try Container.running()
        let lines = try container.runtime("list").lines
        let header = lines.first?.split(separator: " ").map(String.init) ?? []
        #expect(header.prefix(4) == ["ID", "PID", "STATUS", "BUNDLE"] || header.prefix(2) == ["NAME", "PID"])
        let row = lines.last?.split(separator: " ").map(String.init) ?? []
        #expect(row.prefix(4) == [container.id, String(try container.processID()), "running", container.bundle])
    }

    @Test func showsJSON() throws {
        let container = try Container.running()
        let list = try JSONValue.read(try container.runtime("list", "--format", "json").output)
        let entry = try #require(list.items?.first)
        #expect(list.items?.count == 1)
        #expect(entry["id"]?.text == container.id)
        #expect(entry["status"]?.text == "running")
        #expect(entry["pid"]?.number == Int64(try container.processID()))
        #expect(entry["bundle"]?.text == container.bundle)
    }

    @Test(arguments: ["--quiet", "-q"]) func showsIDsOnly(option: String) throws {
        let container = try Container.running()
        #expect(try container.runtime("list", option).output == "\(container.id)\n")
    }

    @Test func showsNoneWhereThereAreNone() throws {
        let directory = try TemporaryDirectory()
        for root in [directory.path, "\(directory.path)/none"] {
            let outcome = try OCIRuntime.program.run(["--root", root, "list", "--quiet"])
            #expect(outcome.succeeded, "\(outcome.report)")
            #expect(outcome.output == "")
        }
    }

    @Test func refusesAnUnknownFormat() throws {
        let container = try Container.running()
        #expect(!(try container.runtime("list", "--format", "nothing").succeeded))
    }

    /// Engines read the processes of a container from this.
    @Test func psShowsTheProcesses() throws {
        let container = try Container.running("sleep 1000 & sleep 1000 & wait")
        #expect(try eventually { Cgroups.processes(of: container.cgroupName).count == 3 })
        let list = try JSONValue.read(try container.runtime("ps", "--format", "json", container.id).output)
        let numbers = Set((list.items ?? []).compactMap(\.number))
        #expect(numbers == Set(Cgroups.processes(of: container.cgroupName).map(Int64.init)))
    }

    @Test func psShowsATable() throws {
        let container = try Container.running()
        let outcome = try container.runtime("ps", container.id)
        #expect(outcome.lines.first?.contains("PID") == true, "\(outcome.report)")
        #expect(outcome.output.contains(String(try container.processID())))
    }
}
