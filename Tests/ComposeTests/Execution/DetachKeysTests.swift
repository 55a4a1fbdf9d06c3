import Linux
import Testing

@testable import Compose

@Suite("Detach keys")
struct DetachKeysTests {
    private let p: UInt8 = 0x10
    private let q: UInt8 = 0x11

    @Test func areReadAsDockerWritesThem() throws {
        for text in ["ctrl-p,ctrl-q", "a", "ctrl-@", "ctrl-[", "CTRL-X,a,b", "ctrl-^,ctrl-_"] {
            #expect(DetachKeys(text) != nil, "\(text)")
        }
        for text in ["", "ctrl-", "ctrl-1", "ctrl-pq", "p,", ",p", "escape", "shift-a"] {
            #expect(DetachKeys(text) == nil, "\(text)")
        }
    }

    @Test func leaveOnceTheyAreTypedTogetherOrApart() throws {
        var keys = try #require(DetachKeys(DetachKeys.standard))
        #expect(keys.take([0x61, p, q, 0x62]) == ([0x61], true))
        keys = try #require(DetachKeys(DetachKeys.standard))
        #expect(keys.take([p]) == ([], false))
        #expect(keys.take([q]) == ([], true))
    }

    @Test func holdNothingBackThatIsForTheService() throws {
        var keys = try #require(DetachKeys(DetachKeys.standard))
        #expect(keys.take([p]) == ([], false))
        #expect(keys.take([0x61]) == ([p, 0x61], false))
        #expect(keys.take([p, p, q]) == ([p], true))
        var single = try #require(DetachKeys("x"))
        #expect(single.take([0x61, 0x78]) == ([0x61], true))
    }

    /// Whatever is typed, everything before the keys reaches the service, in its order.
    @Test func passAnyTypingOn() throws {
        var random = SplitMix(state: 5)
        for _ in 0..<2000 {
            var keys = try #require(DetachKeys("ctrl-p,ctrl-p,ctrl-q"))
            let typed = (0..<12).map { _ in [p, q, 0x61][Int(random.next() % 3)] }
            var passed: [UInt8] = []
            var isOver = false
            for key in typed where !isOver {
                let taken = keys.take([key])
                passed += taken.passed
                isOver = taken.isOver
            }
            #expect(typed.starts(with: passed))
            if isOver { #expect(typed.dropFirst(passed.count).starts(with: [p, p, q])) }
            if !isOver { #expect(typed.count - passed.count < 3) }
        }
    }
}

@Suite("Messages to a terminal's keeper")
struct TerminalMessageTests {
    @Test func areReadAsTheyWereWritten() {
        let messages: [TerminalMessage] = [
            .typed([1, 2, 3]), .resized(TerminalSize(columns: 300, rows: 7)), .typed([]), .typed([0xFF]),
        ]
        var received: [UInt8] = []
        var read: [TerminalMessage] = []
        for byte in messages.flatMap(\.bytes) {
            received.append(byte)
            while let message = TerminalMessage.next(&received) { read.append(message) }
        }
        #expect(read == messages)
        #expect(received.isEmpty)
    }

    @Test func ofAnUnknownKindArePassedOver() {
        var received: [UInt8] = [9, 0, 2, 1, 1] + TerminalMessage.typed([7]).bytes
        #expect(TerminalMessage.next(&received) == .typed([7]))
    }
}
