import Linux
import Testing

@Suite("Signals")
struct SignalTests {
    @Test(arguments: [
        ("SIGTERM", 15), ("TERM", 15), ("term", 15), ("15", 15), ("SIGKILL", 9), ("1", 1), ("RTMIN", 34),
        ("SIGRTMIN+3", 37), ("sigrtmax-1", 63), ("RTMAX", 64), ("64", 64),
    ])
    func areReadByNameAndByNumber(text: String, number: Int32) {
        #expect(Signal(text)?.rawValue == number)
    }

    @Test(arguments: [
        "", "0", "65", "-9", "SIG", "SIGSIGTERM", "TERMINATE", " TERM", "RTMIN-1", "RTMAX+1", "RTMIN+31", "RTMIN3",
        "RTMIN+", "RTMIN+2147483647", "RTMAX-2147483648", "RTMIN++3", "99999999999",
    ])
    func areNothingInAnyOtherForm(text: String) {
        #expect(Signal(text) == nil)
    }

    @Test(arguments: [(15, "SIGTERM"), (34, "SIGRTMIN+0"), (37, "SIGRTMIN+3"), (32, "signal 32")] as [(Int32, String)])
    func arePrintedByName(number: Int32, name: String) {
        #expect("\(Signal(rawValue: number))" == name)
    }

    @Test func areReadAsTheyArePrinted() {
        for number in Array(Int32(1)...31) + Array(34...64) {
            #expect(Signal("\(Signal(rawValue: number))")?.rawValue == number)
        }
    }

    @Test func thatCannotBeBlockedOrMeanAFaultAreNotForwarded() {
        let forwarded = Signal.forwardable.map(\.rawValue)
        #expect(forwarded.contains(15) && forwarded.contains(28) && forwarded.contains(64))
        #expect(!forwarded.contains { [4, 5, 6, 7, 8, 9, 11, 19, 31, 32, 33].contains($0) })
    }

    @Test func endAProcessWithACodeAbove128() {
        #expect(Linux.ExitStatus.signalled(.kill).shellCode == 137)
        #expect(Linux.ExitStatus.exited(3).shellCode == 3)
        #expect("\(Linux.ExitStatus.signalled(.kill))" == "was killed by SIGKILL")
        #expect("\(Linux.ExitStatus.exited(3))" == "exited with code 3")
        #expect(Linux.ExitStatus.exited(0).isSuccess)
        #expect(!Linux.ExitStatus.signalled(.terminate).isSuccess)
    }
}
