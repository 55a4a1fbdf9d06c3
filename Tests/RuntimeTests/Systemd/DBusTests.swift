import Testing

@testable import Runtime

@Suite("Messages of D-Bus")
struct DBusTests {
    @Test func callsAreWrittenAsTheSpecificationSays() {
        var body = DBusWriter()
        body.write("a.scope")
        body.write("fail")
        let message = DBusMessage(
            kind: .call, serial: 2, fields: [.path: .text("/p"), .member: .text("Stop"), .signature: .text("ss")],
            body: body.bytes)
        let header: [UInt8] = [0x6C, 1, 0, 1, 21, 0, 0, 0, 2, 0, 0, 0, 40, 0, 0, 0]
        let path: [UInt8] = [1, 1, 0x6F, 0, 2, 0, 0, 0, 0x2F, 0x70, 0, 0, 0, 0, 0, 0]
        let member: [UInt8] = [3, 1, 0x73, 0, 4, 0, 0, 0, 0x53, 0x74, 0x6F, 0x70, 0, 0, 0, 0]
        let signature: [UInt8] = [8, 1, 0x67, 0, 2, 0x73, 0x73, 0]
        let arguments: [UInt8] = [7, 0, 0, 0] + Array("a.scope\0".utf8) + [4, 0, 0, 0] + Array("fail\0".utf8)
        let expected = [header, path, member, signature, arguments].flatMap { $0 }
        #expect(message.bytes == expected)
    }

    @Test func whatIsWrittenIsRead() throws {
        var body = DBusWriter()
        body.write("/org/freedesktop/systemd1/job/7")
        for size in 0..<9 {
            let message = DBusMessage(
                kind: .signal, serial: 9,
                fields: [
                    .path: .text("/p" + String(repeating: "x", count: size)), .member: .text("JobRemoved"),
                    .answerSerial: .unsigned32(3), .signature: .text("o"),
                ], body: body.bytes)
            let bytes = message.bytes
            #expect(try DBusMessage(bytes) == message)
            #expect(try DBusMessage.length(prefix: Array(bytes.prefix(DBusMessage.prefixLength))) == bytes.count)
        }
    }

    @Test func propertiesBeginAtMultiplesOfEight() throws {
        var writer = DBusWriter()
        writer.write([UnitProperty("A", .boolean(true)), UnitProperty("Bc", .unsigned64(258))])
        let first: [UInt8] = [1, 0, 0, 0, 0x41, 0, 1, 0x62, 0, 0, 0, 0, 1, 0, 0, 0]
        let second: [UInt8] = [2, 0, 0, 0, 0x42, 0x63, 0, 1, 0x74, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0]
        #expect(writer.bytes == [40, 0, 0, 0, 0, 0, 0, 0] + first + second)
    }

    @Test func listsAreOfNumbersOrBytes() {
        var writer = DBusWriter()
        writer.write(variant: .list32([5]))
        writer.write(variant: .bytes([1, 2]))
        #expect(writer.bytes == [2, 0x61, 0x75, 0, 4, 0, 0, 0, 5, 0, 0, 0, 2, 0x61, 0x79, 0, 2, 0, 0, 0, 1, 2])
    }

    @Test func whatIsCutOffIsNoMessage() throws {
        var body = DBusWriter()
        body.write("text")
        let bytes = DBusMessage(
            kind: .error, serial: 1, fields: [.errorName: .text("a.b"), .answerSerial: .unsigned32(1)], body: body.bytes
        ).bytes
        for length in 16..<(bytes.count - body.bytes.count) {
            #expect(throws: DBusReader.Malformed.self) { try DBusMessage(Array(bytes.prefix(length))) }
        }
        for length in 0..<body.bytes.count {
            var reader = DBusReader(Array(body.bytes.prefix(length)))
            #expect(throws: DBusReader.Malformed.self) { try reader.text() }
        }
        #expect(throws: DBusReader.Malformed.self) {
            try DBusMessage.length(prefix: [0x42] + [UInt8](repeating: 0, count: 15))
        }
        #expect(throws: DBusReader.Malformed.self) {
            try DBusMessage.length(prefix: [0x6C, 2, 0, 1] + [UInt8](repeating: 0xFF, count: 12))
        }
    }
}
