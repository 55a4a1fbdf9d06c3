import FoundationEssentials
import Testing

@testable import Compose

/// Programs of two versions talk to each other while a supervisor is replaced.
@Suite("A supervisor's answers")
struct ControlReplyTests {
    private static let answers: [(ControlReply, String)] = [
        (.done(failed: ["web-1"]), #"{"done":{"failed":["web-1"]}}"#),
        (.refused("no \"such\" thing\n"), #"{"refused":{"_0":"no \"such\" thing\n"}}"#),
        (.busy, #"{"busy":{}}"#),
        (.watching, #"{"watching":{}}"#),
        (
            .line(instance: "web-1", stream: .standardError, Data([0, 0xFF, 0x41])),
            #"{"line":{"_2":"AP9B","instance":"web-1","stream":"stderr"}}"#
        ),
    ]

    @Test(arguments: answers)
    func areWrittenAsEver(answer: ControlReply, text: String) {
        #expect(String(decoding: ControlLine.encode(answer), as: UTF8.self) == text + "\n")
        #expect(ControlLine.reply(text.utf8) == answer)
    }

    @Test func tellEvents() throws {
        let text =
            #"{"event":{"_0":{"detail":"exited with code 3","exitCode":3,"instance":"a-1","kind":"exited","time":7}}}"#
        let reply = try #require(ControlLine.reply(text.utf8))
        guard case .event(let event) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect((event.instance, event.kind, event.time) == ("a-1", .exited, 7))
        #expect((event.detail, event.exitCode) == ("exited with code 3", 3))
        #expect(String(decoding: ControlLine.encode(reply), as: UTF8.self) == text + "\n")
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"event":{"_0":{"kind":"exited"}}}"#, #"{"line":{"_2":"?"}}"#, #"{"other":{}}"#,
    ])
    func areNothingElse(text: String) { #expect(ControlLine.reply(text.utf8) == nil) }
}
