import Compose
import JSON
import Linux
import Testing

@testable import gocker_compose

@Suite("What the output looks like")
struct AppearanceTests {
    private func appearance(
        _ progress: ProgressChoice? = nil, _ colours: ColourMode? = nil, _ environment: [String: String] = [:]
    ) throws -> Appearance {
        try Appearance(progress: progress, colours: colours) { environment[$0] }
    }

    @Test func optionsCountForMoreThanVariables() throws {
        let variables = ["COMPOSE_PROGRESS": "json", "COMPOSE_ANSI": "never"]
        #expect(try appearance(nil, nil, variables) == appearance(.json, .never))
        #expect(try appearance(.plain, .always, variables) == appearance(.plain, .always))
        #expect(try appearance(nil, nil, ["COMPOSE_PROGRESS": ""]) == appearance(.auto, .auto))
    }

    @Test func variablesThatSayNothingAreTold() {
        #expect(throws: (any Error).self) { try appearance(nil, nil, ["COMPOSE_PROGRESS": "fancy"]) }
        #expect(throws: (any Error).self) { try appearance(nil, nil, ["COMPOSE_ANSI": "sometimes"]) }
        #expect(throws: (any Error).self) { try appearance(.tty, .never) }
    }

    @Test func aPictureIsPaintedOnATerminalThatCan() throws {
        #expect(try appearance().resolvedProgress(isTerminal: true, isDumb: false) == .tty)
        #expect(try appearance().resolvedProgress(isTerminal: true, isDumb: true) == .plain)
        #expect(try appearance().resolvedProgress(isTerminal: false, isDumb: false) == .plain)
        #expect(try appearance(nil, .never).resolvedProgress(isTerminal: true, isDumb: false) == .plain)
        #expect(try appearance(.tty).resolvedProgress(isTerminal: false, isDumb: false) == .tty)
    }

    @Test func recordsAreObjectsOfOneLine() throws {
        let time = WallTime(nanosecondsSinceEpoch: 0)
        let event = StackEvent("web-1", .waiting, detail: "db to be healthy")
        #expect(
            ProgressRecord.line(event, verb: "up", at: time)
                == #"{"details":"db to be healthy","id":"web-1","status":"Working","text":"waiting","#
                + #""time":"1970-01-01T00:00:00.000000000Z","verb":"up"}"#)
        #expect(ProgressRecord.error("no") == #"{"error":true,"message":"no"}"#)
    }
}
