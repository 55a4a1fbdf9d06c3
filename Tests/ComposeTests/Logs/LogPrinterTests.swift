import Linux
import Testing

@testable import Compose

struct LogPrinterTests {
    private func printed(_ text: [UInt8], style: LogPrinter.Style, of index: Int = 1) -> String {
        var printer = LogPrinter(instances: ["db-1", "web-1"], style: style)
        if index == 2 { printer.add("database-10") }
        var output: [UInt8] = []
        text.withUnsafeBytes { text in
            let line = LogLine(
                time: WallTime(nanosecondsSinceEpoch: 1), stream: .standardOutput, number: 7, text: text)
            printer.append(line, of: index, to: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }

    @Test func prefixesHaveOneWidthAndColoursGoByName() {
        var style = LogPrinter.Style()
        #expect(printed(Array("hi".utf8), style: style, of: 0) == "db-1   | hi\n")
        style.isColoured = true
        #expect(printed(Array("hi".utf8), style: style) == "\u{1B}[33mweb-1  | \u{1B}[0mhi\n")
    }

    @Test func aLongerNameWidensThePrefixesThatFollow() {
        #expect(printed([], style: LogPrinter.Style(), of: 2) == "database-10  | \n")
    }

    @Test func timesAndBareLinesAreForTheAsking() {
        var style = LogPrinter.Style()
        style.showsTimes = true
        style.showsNames = false
        #expect(printed(Array("hi".utf8), style: style) == "1970-01-01T00:00:00.000000001Z hi\n")
    }

    @Test func jsonHoldsAnyBytes() {
        var style = LogPrinter.Style()
        style.isJSON = true
        let begin =
            #"{"instance":"web-1","service":"web","stream":"stdout","time":"1970-01-01T00:00:00.000000001Z","seq":7,"#
        #expect(printed(Array("a\"\\\té\u{1}".utf8), style: style) == begin + #""line":"a\"\\\té\u0001"}"# + "\n")
        #expect(printed([0xFF, 0x61], style: style) == begin + #""base64":"/2E="}"# + "\n")
        #expect(printed([0xFF, 0x61, 0x62, 0x63], style: style) == begin + #""base64":"/2FiYw=="}"# + "\n")
        #expect(printed([0xFE, 0xFF, 0xFD], style: style) == begin + #""base64":"/v/9"}"# + "\n")
    }

    @Test func whatIsMissingIsToldInItsPlace() {
        var printer = LogPrinter(instances: ["web-1"])
        var output: [UInt8] = []
        let lost = LostLines(
            time: WallTime(nanosecondsSinceEpoch: 0), first: 3, count: 12, reason: DropCause.failure(.noSpace).sentence)
        printer.append(lost, of: 0, to: &output)
        #expect(
            String(decoding: output, as: UTF8.self)
                == "web-1  | [gocker: 12 lines are missing here: they could not be written: No space left on device]\n")
    }
}
