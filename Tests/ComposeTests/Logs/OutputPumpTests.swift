import Linux
import Testing

@testable import Compose

@Suite("An output on its way to the log")
struct OutputPumpTests {
    private let scratch: LogScratch
    private let buffer = OutputBuffer()
    private let begin = MonotonicTime.now

    init() throws {
        scratch = try LogScratch()
    }

    private func pump(_ mode: Logging.Mode = .blocking) throws -> OutputPump {
        try OutputPump(.standardOutput, path: "\(scratch.directory)/output", log: scratch.writer(), mode: mode)
    }

    /// Prints and reads so many lines, one each `interval`.
    private func print(_ count: Int, every interval: Duration, to pump: OutputPump) throws {
        let service = try pump.openForService()
        for number in 0..<count {
            try service.writeAll("line\n".utf8)
            try pump.take(buffer, at: begin + interval * number)
        }
    }

    @Test func restsWhereItIsReadForALittleAgainAndAgain() throws {
        let pump = try pump()
        try print(16, every: .microseconds(10), to: pump)
        #expect(!pump.isResting)
        try print(18, every: .microseconds(10), to: pump)
        #expect(pump.isResting)
        #expect(try scratch.lines().count == 34)
    }

    @Test func doesNotRestWhereLinesComeNowAndThen() throws {
        let pump = try pump()
        try print(100, every: .milliseconds(5), to: pump)
        #expect(!pump.isResting)
    }

    @Test func isAwakeAgainWhereNothingHasComeMeanwhile() throws {
        let pump = try pump()
        try print(40, every: .microseconds(10), to: pump)
        #expect(pump.isResting)
        try pump.take(buffer, at: begin + .milliseconds(1))
        #expect(!pump.isResting)
    }

    @Test func doesNotRestWhereThereIsMoreThanIsReadAtOnce() throws {
        let pump = try pump()
        try pump.reader.setPipeCapacity(1 << 20)
        try print(40, every: .microseconds(10), to: pump)
        #expect(pump.isResting)
        try pump.openForService().writeAll([UInt8](repeating: 0x0A, count: OutputBuffer.size))
        try pump.take(buffer, at: begin + .milliseconds(1))
        #expect(!pump.isResting)
    }

    @Test func neverRestsWhereTheServiceMayNotBeHeldBack() throws {
        let pump = try pump(.nonBlocking(buffer: .mebibytes(1)))
        try print(100, every: .microseconds(10), to: pump)
        #expect(!pump.isResting)
    }
}
