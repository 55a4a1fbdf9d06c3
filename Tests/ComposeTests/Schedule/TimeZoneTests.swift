import Linux
import Testing

@testable import Compose

struct TimeZoneTests {
    private func time(_ text: String) throws -> Int64 {
        try #require(WallTime("\(text):00.000000000Z")).nanosecondsSinceEpoch / 1_000_000_000
    }

    private let berlin = TimeZoneRules(
        firstOffset: 3_600, transitions: [], footer: PosixTimeZone("CET-1CEST,M3.5.0,M10.5.0/3"))

    @Test(
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59", 3_600),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00", 7_200),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59", 7_200),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00", 3_600),
            ("EST5EDT,M3.2.0,M11.1.0", "2026-07-01T00:00", -14_400),
            ("EST5EDT,M3.2.0,M11.1.0", "2026-12-01T00:00", -18_000),
            // The south has its summer over the new year.
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00", 39_600),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00", 36_000),
            ("<+0330>-3:30", "2026-07-01T00:00", 12_600),
            // Greenland changes on the day before, at -1 o'clock.
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59", -7_200),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00", -3_600),
            ("XXX3YYY,J60,J300", "2028-03-01T05:00", -7_200),
            ("XXX3YYY,59/0,300", "2028-02-29T03:00", -7_200),
        ]
    )
    func aLineOfRulesHoldsForever(text: String, at moment: String, offset: Int) throws {
        let zone = try #require(PosixTimeZone(text))
        #expect(zone.offset(at: try time(moment)) == offset)
    }

    @Test(arguments: [
        "", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "<CET-1", "CET25",
    ])
    func whatIsNoLineOfRulesIsNone(text: String) {
        #expect(PosixTimeZone(text) == nil)
    }

    @Test func localTimesHaveNoneOneOrTwoMoments() throws {
        #expect(berlin.moments(showing: try time("2026-06-01T12:00")) == .shown([try time("2026-06-01T10:00")]))
        #expect(berlin.moments(showing: try time("2026-03-29T02:30")) == .skipped(at: try time("2026-03-29T01:00")))
        #expect(
            berlin.moments(showing: try time("2026-10-25T02:30"))
                == .shown([try time("2026-10-25T00:30"), try time("2026-10-25T01:30")]))
    }

    /// A file as zic(8) writes it: one block for old readers, one with wide numbers, and a line for the future.
    private func file(version: UInt8 = 0x32, footer: String = "CET-1CEST,M3.5.0,M10.5.0/3") -> [UInt8] {
        func big(_ value: Int64, _ width: Int) -> [UInt8] {
            (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) }
        }
        func block(_ width: Int) -> [UInt8] {
            let header = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
            let counts = [0, 0, 0, 2, 2, 8].flatMap { big($0, 4) }
            let times = big(1_000_000, width) + big(2_000_000, width)
            let types = big(3_600, 4) + [0, 0] + big(7_200, 4) + [1, 4]
            return header + counts + times + [1, 0] + types + Array("CET\0CES\0".utf8)
        }
        return block(4) + (version == 0 ? [] : block(8) + Array("\n\(footer)\n".utf8))
    }

    @Test func aFileIsRead() throws {
        for version in [UInt8(0), 0x32, 0x33] {
            let zone = try #require(TimeZoneRules(file: file(version: version)))
            #expect([0, 1_000_000, 1_999_999, 2_000_000].map(zone.offset) == [3_600, 7_200, 7_200, 3_600])
            #expect((zone.footer != nil) == (version != 0))
        }
        let zone = try #require(TimeZoneRules(file: file(footer: "")))
        #expect(zone.offset(at: try time("2026-07-01T00:00")) == 3_600)
    }

    @Test func aDamagedFileIsNone() {
        let whole = file()
        #expect(TimeZoneRules(file: whole) != nil)
        for length in 0..<(whole.count - 1) { #expect(TimeZoneRules(file: Array(whole.prefix(length))) == nil) }
        #expect(TimeZoneRules(file: file(footer: "nonsense")) == nil)
        var random = SplitMix(state: 7)
        for _ in 0..<2_000 {
            var damaged = whole
            damaged[Int(random.next() % UInt64(whole.count))] = UInt8(truncatingIfNeeded: random.next())
            // Whatever comes out, looking at it ends.
            _ = TimeZoneRules(file: damaged)?.moments(showing: 1_500_000)
        }
    }

    @Test(arguments: ["../etc/passwd", "/etc/localtime", "", "Europe/Nowhere", "Europe", "a b"])
    func whatIsNoTimeZoneIsRefused(name: String) {
        #expect(throws: TimeZoneError.self) { try TimeZoneRules.read(name) }
    }

    @Test func utcNeedsNoFile() throws {
        #expect(try TimeZoneRules.read("UTC") == .utc)
        #expect(throws: Never.self) { try TimeZoneRules.read(nil) }
    }

    @Test func datesAndDayNumbersAreTheSame() {
        for number in stride(from: -800_000, through: 800_000, by: 37) {
            let date = CivilDate(dayNumber: number)
            #expect(CivilDate.dayNumber(year: date.year, month: date.month, day: date.day) == number)
        }
        #expect(CivilDate(dayNumber: 0).weekday == 4)
        #expect(CivilDate(dayNumber: -1).weekday == 3)
    }
}
