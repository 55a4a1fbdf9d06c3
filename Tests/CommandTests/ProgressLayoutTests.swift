import Compose
import Linux
import Testing

@testable import gocker_compose

@Suite("Progress on a terminal")
struct ProgressLayoutTests {
    private static func at(_ milliseconds: Int) -> MonotonicTime {
        MonotonicTime(sinceBoot: .seconds(1000) + .milliseconds(milliseconds))
    }

    private static func board(
        _ events: [(Int, StackEvent)], instances: [String] = [], verb: String = "up"
    ) -> ProgressBoard {
        var board = ProgressBoard(verb: verb, instances: instances, at: at(0))
        for (time, event) in events { board.apply(event, at: at(time)) }
        return board
    }

    private static func text(
        _ board: ProgressBoard, at time: Int, columns: UInt16 = 80, rows: UInt16 = 24, isLast: Bool = false
    ) -> String {
        let size = TerminalSize(columns: columns, rows: rows)
        return ProgressLayout.lines(board, at: at(time), size: size, isLast: isLast).map(\.text).joined(separator: "\n")
    }

    private static let start: [(Int, StackEvent)] = [
        (0, StackEvent("db-1", .starting)), (50, StackEvent("web-1", .waiting, detail: "db to be healthy")),
        (100, StackEvent("db-1", .started)), (1200, StackEvent("db-1", .healthy)),
        (1200, StackEvent("web-1", .starting)),
    ]

    @Test func aRowHasASignAStateAndATime() {
        let board = Self.board(Self.start, instances: ["db-1", "web-1", "cron-1"])
        #expect(
            Self.text(board, at: 1350) == """
                [+] up 1/3
                 ✔ db-1   healthy                         1.2s
                 ⠸ web-1  starting                        1.3s
                """)
    }

    @Test func whatWaitsSaysWhatFor() {
        let board = Self.board(Array(Self.start.prefix(2)), instances: ["db-1", "web-1"])
        #expect(
            Self.text(board, at: 60) == """
                [+] up 0/2
                 ⠋ db-1   starting                        0.0s
                 ⠋ web-1  waiting for db to be healthy    0.0s
                """)
    }

    @Test func theLastPictureDoesNotSpinAndHasNoCountThatNeverEnds() {
        let board = Self.board(Self.start)
        #expect(
            Self.text(board, at: 1350, isLast: true) == """
                 ✔ db-1   healthy                         1.2s
                 • web-1  starting                        1.3s
                """)
        let done = Self.board(Self.start + [(1400, StackEvent("web-1", .started))])
        #expect(Self.text(done, at: 1500, isLast: true).hasPrefix("[+] up 2/2\n"))
    }

    @Test func narrowTerminalsCutAndTheNarrowestHaveNoTimes() {
        let board = Self.board([
            (0, StackEvent("web-1", .failed, detail: "no program \"/bin/webserver\" in the rootfs"))
        ])
        #expect(
            Self.text(board, at: 100, columns: 40) == """
                [+] up 1/1
                 ✘ web-1  failed: no program "/bi…  0.0s
                """)
        #expect(Self.text(board, at: 100, columns: 12) == "[+] up 1/1\n ✘ web-1  f…")
        for columns in UInt16(1)...90 {
            let size = TerminalSize(columns: columns, rows: 24)
            let lines = ProgressLayout.lines(board, at: Self.at(100), size: size)
            #expect(lines.allSatisfy { $0.width <= Int(columns) }, "\(columns)")
        }
    }

    @Test func whatHasNoRoomIsCountedAndWhatIsNotDoneComesFirst() {
        var events = (1...9).map { (0, StackEvent("s-\($0)", .started)) }
        events[1] = (0, StackEvent("s-2", .starting))
        events[3] = (0, StackEvent("s-4", .failed, detail: "x"))
        let board = Self.board(events)
        #expect(
            Self.text(board, at: 0, rows: 6) == """
                [+] up 8/9
                 ⠋ s-2  starting                          0.0s
                 ✘ s-4  failed: x                         0.0s
                 ✔ s-9  started                           0.0s
                   … 6 more
                """)
        for rows in UInt16(1)...12 {
            let size = TerminalSize(columns: 80, rows: rows)
            #expect(ProgressLayout.lines(board, at: Self.at(0), size: size).count <= max(3, Int(rows) - 1), "\(rows)")
        }
    }

    @Test func everyKindOfEventHasASentence() {
        for kind in StackEvent.Kind.allCases {
            #expect(!ProgressLook.of(kind).sentence(nil).isEmpty)
            #expect(ProgressLook.of(kind).sentence("because").contains("because"))
        }
        #expect(ProgressLook.of(.exited).sentence("exited with code 3") == "exited with code 3")
        #expect(ProgressLook.of(.restarting).sentence("exited with code 3") == "exited with code 3 (restarting)")
    }

    @Test(arguments: [(0, "0.0s"), (950, "0.9s"), (59_900, "59.9s"), (125_000, "2m05s"), (3_720_000, "1h02m")])
    func durations(milliseconds: Int, text: String) {
        #expect(ProgressLayout.duration(.milliseconds(milliseconds)) == text)
    }
}
