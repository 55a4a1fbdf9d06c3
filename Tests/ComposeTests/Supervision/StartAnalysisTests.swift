import Linux
import Testing

@testable import Compose

/// What `analyze` makes of what a supervisor has written down.
struct StartAnalysisTests {
    private static func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000)
    }

    /// One start, in milliseconds.
    private struct Start {
        let service: String
        let (wanted, released, started): (Int64, Int64?, Int64?)
        var healthy: Int64?

        init(_ service: String, _ wanted: Int64, _ released: Int64?, _ started: Int64?, healthy: Int64? = nil) {
            self.service = service
            (self.wanted, self.released, self.started) = (wanted, released, started)
            self.healthy = healthy
        }

        var marks: StartMarks {
            var marks = StartMarks(wantedAt: time(wanted))
            if let released { marks.release(at: time(released)) }
            if let started { marks.start(at: time(started)) }
            if let healthy { marks.heal(at: time(healthy)) }
            return marks
        }
    }

    private func analysis(_ yaml: String, _ starts: [Start]) throws -> StartAnalysis? {
        var records: [JournalRecord] = [
            .origin(StackState.Origin(directory: "/srv", files: []), bootID: "b"),
            .definition(1, try #require(load(yaml).stack).canonicalYAML),
        ]
        for start in starts {
            var record = InstanceRecord(InstanceName(try #require(ServiceName(start.service))), definition: 1)
            record.marks = start.marks
            records.append(.instance(record))
        }
        let state = try #require(JournalReader.read(records.flatMap(JournalLine.encode)).state)
        return StartAnalysis(state, of: try #require(ProjectName("shop")))
    }

    private static let chain = """
        name: shop
        services:
          web: {rootfs: rootfs, command: sleep 1, depends_on: [api, side]}
          api: {rootfs: rootfs, command: sleep 1, depends_on: {db: {condition: service_healthy}}}
          db: {rootfs: rootfs, command: sleep 1, healthcheck: {test: x, retries: 2}}
          side: {rootfs: rootfs, command: sleep 1}
        """

    @Test func theChainIsWhatTheStackWasReadyBy() throws {
        let analysis = try #require(
            try analysis(
                Self.chain,
                [
                    Start("web", 0, 520, 530), Start("api", 0, 510, 520), Start("db", 0, 1, 10, healthy: 510),
                    Start("side", 0, 1, 5),
                ]))
        #expect(analysis.criticalChain.map(\.name) == ["web-1", "api-1", "db-1"])
        #expect(analysis.entries.map(\.name) == ["db-1", "api-1", "web-1", "side-1"])
        #expect(analysis.total == 0.53)
        let db = try #require(analysis.entries.first)
        #expect(abs(db.own - 0.509) < 1e-9 && db.ready == 0.51 && db.waitedFor == nil)
        #expect(analysis.json.contains("\"waitedFor\": \"api-1\""))
    }

    @Test func whatHasNotStartedIsNoPartOfIt() throws {
        #expect(try analysis(Self.chain, []) == nil)
        #expect(try analysis(Self.chain, [Start("db", 0, nil, nil), Start("api", 0, 4, nil)]) == nil)
        let one = try #require(try analysis(Self.chain, [Start("db", 7, 8, 9), Start("api", 0, 4, nil)]))
        #expect(one.entries.map(\.name) == ["db-1"])
        // The first that was asked for and got to its payload is where time begins.
        #expect(one.entries.first?.wanted == 0)
    }

    @Test func aHealthThatWasKnownBeforeTheStartCountsAsTheStart() throws {
        let one = try #require(try analysis(Self.chain, [Start("db", 0, 2, 9, healthy: 5)]))
        #expect(one.entries.first?.ready == 0.009)
    }

    @Test func marksStayAtTheirFirstTime() {
        var marks = StartMarks(wantedAt: Self.time(0))
        for milliseconds in 1...3 as ClosedRange<Int64> {
            marks.release(at: Self.time(milliseconds))
            marks.start(at: Self.time(milliseconds + 10))
            marks.heal(at: Self.time(milliseconds + 20))
        }
        #expect(marks.released == Self.time(1).nanoseconds)
        #expect(marks.started == Self.time(11).nanoseconds)
        #expect(marks.healthy == Self.time(21).nanoseconds)
    }
}
