import Linux
import Testing

@testable import Compose

struct ScheduleTimetableTests {
    private func time(_ text: String) throws -> WallTime { try #require(WallTime("2026-11-\(text):00.000000000Z")) }

    private func table(
        _ cron: String, _ missed: Schedule.Missed, last: String? = nil, now: String
    ) throws -> ScheduleTimetable {
        let schedule = Schedule(try CronExpression(cron), missed: missed)
        return ScheduleTimetable(schedule, zone: .utc, last: try last.map(time), now: try time(now))
    }

    @Test func itIsDueOnceWhenItsTimeHasCome() throws {
        var table = try table("0 3 * * *", .skip, now: "27T10:00")
        #expect(table.next == (try time("28T03:00")))
        #expect(!table.isDue(at: try time("28T02:59")))
        #expect(table.isDue(at: try time("28T03:00")))
        #expect(!table.isDue(at: try time("28T03:00")))
        #expect(table.next == (try time("29T03:00")))
        #expect(table.seen == (try time("28T03:00")))
    }

    @Test func severalTimesThatHavePassedCountAsOne() throws {
        var table = try table("0 * * * *", .skip, now: "27T10:00")
        #expect(table.isDue(at: try time("27T14:30")))
        #expect(!table.isDue(at: try time("27T14:31")))
        #expect(table.next == (try time("27T15:00")))
    }

    @Test func whatWasMissedIsMadeUpForOnlyWhereItIsAskedFor() throws {
        var skipping = try table("0 3 * * *", .skip, last: "25T03:00", now: "27T10:00")
        #expect(skipping.next == (try time("28T03:00")))
        #expect(!skipping.isDue(at: try time("27T10:00")))

        var running = try table("0 3 * * *", .run, last: "25T03:00", now: "27T10:00")
        #expect(running.isDue(at: try time("27T10:00")))
        #expect(!running.isDue(at: try time("27T10:00")))
        #expect(running.next == (try time("28T03:00")))
    }

    @Test func nothingWasMissedWhereNoTimeHasPassed() throws {
        var table = try table("0 3 * * *", .run, last: "27T03:00", now: "27T10:00")
        #expect(!table.isDue(at: try time("27T10:00")))
        #expect(table.next == (try time("28T03:00")))
    }

    @Test func aDistanceIsKeptOverARestartOfTheSupervisor() throws {
        let table = try table("@every 5m", .skip, last: "27T10:00", now: "27T10:12")
        #expect(table.next == (try time("27T10:15")))
    }

    @Test func aClockThatWasSetBackChangesNothing() throws {
        var table = try table("0 3 * * *", .run, last: "28T03:00", now: "27T10:00")
        #expect(!table.isDue(at: try time("27T10:00")))
        #expect(table.next == (try time("29T03:00")))
    }
}
