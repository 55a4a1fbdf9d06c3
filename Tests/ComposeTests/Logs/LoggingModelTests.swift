import Linux
import OrderedCollections
import Testing

@testable import Compose

struct LoggingModelTests {
    private func yaml(_ logging: String) -> String {
        "services:\n  web:\n    rootfs: rootfs\n    command: sleep 9\n    logging: \(logging)\n"
    }

    private func logging(_ text: String, host: FakeHost = FakeHost()) throws -> Logging {
        let result = load(yaml(text), host: host)
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics.map(\.summary))")
        return try #require(result.stack?.services.values.first).logging
    }

    @Test func whatIsNotSaidIsAsWithDocker() throws {
        #expect(try logging("{}") == .standard)
        let local = LogRotation(maxSize: .mebibytes(20), maxFiles: 5, compress: true)
        #expect(try logging("{driver: local}").driver == .local(local))
        #expect(
            try logging("{driver: json-file}").driver
                == .jsonFile(LogRotation(maxSize: nil, maxFiles: 1, compress: false)))
    }

    @Test func optionsAreRead() throws {
        let files = try logging("{options: {max-size: 10k, max-file: \"3\", compress: \"false\"}}")
        #expect(files.driver == .local(LogRotation(maxSize: .kibibytes(10), maxFiles: 3, compress: false)))
        let mode = try logging("{driver: none, options: {mode: non-blocking, max-buffer-size: 4m}}")
        #expect(mode == Logging(driver: .none, mode: .nonBlocking(buffer: .mebibytes(4))))
        #expect(try logging("{options: {mode: non-blocking}}").mode == .nonBlocking(buffer: .mebibytes(1)))
        let address = "syslog-address: \"udp://[::1]:1514\""
        let syslog = try logging(
            "{driver: syslog, options: {\(address), syslog-format: rfc5424, syslog-facility: local7, tag: \"{{.Name}}\"}}"
        )
        let options = SyslogOptions(
            address: .udp(host: "::1", port: 1514), format: .rfc5424(isPrecise: false), facility: 23, tag: "{{.Name}}")
        #expect(syslog.driver == .syslog(options))
    }

    @Test(
        arguments: [
            (
                "{driver: jsonfile}", "the logging driver \"jsonfile\" of service \"web\" is none; there are",
                "json-file"
            ),
            ("{driver: gelf}", "\"gelf\" of service \"web\" is not acted on by this version", nil),
            (
                "{options: {max-sise: 1m}}",
                "the logging driver \"local\" of service \"web\" has no option \"max-sise\"", "max-size"
            ),
            ("{options: {max-size: big}}", "expected a size such as 10m", nil),
            ("{options: {max-file: \"0\"}}", "expected a whole number above 0", nil),
            ("{options: {mode: nonblocking}}", "expected blocking or non-blocking", "non-blocking"),
            ("{options: {max-buffer-size: 1m}}", "expected \"mode: non-blocking\" beside it", nil),
            (
                "{driver: json-file, options: {max-file: \"3\"}}", "no more than 1 file where there is no \"max-size\"",
                nil
            ),
            ("{driver: syslog, options: {syslog-address: \"tcp+tls://a\"}}", "expected an address such as", nil),
            ("{driver: journald, options: {max-size: 1m}}", "has no option \"max-size\"", nil),
            ("{driver: journald}", "needs the socket /run/systemd/journal/socket, and nobody listens there", nil),
        ] as [(String, String, String?)])
    func whatIsWrongIsToldWithItsPlace(text: String, message: String, suggestion: String?) throws {
        let result = load(yaml(text))
        let found = try #require(result.diagnostics.first { $0.message.contains(message) }, "\(result.diagnostics)")
        #expect(found.severity == .error)
        #expect(found.place?.start.line == 5)
        #expect(found.suggestion == suggestion)
    }
}
