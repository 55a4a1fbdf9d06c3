internal import Compose
internal import JSON
internal import Linux

/// An event as `--progress json` writes it, an object a line; docs/commands.md says what its fields mean.
enum ProgressRecord {
    static func line(_ event: StackEvent, verb: String, at time: WallTime) -> String {
        let look = ProgressLook.of(event.kind)
        var fields: [(key: String, value: JSONValue)] = [
            ("id", .string(event.instance)), ("status", .string(look.state.rawValue)),
            ("text", .string(event.kind.rawValue)), ("time", .string("\(time)")), ("verb", .string(verb)),
        ]
        if let detail = event.detail { fields.append(("details", .string(detail))) }
        return JSONWriter.compact(.object(fields))
    }

    /// What has become of an instance, once the stack has ended.
    static func report(_ record: InstanceRecord) -> String {
        JSONWriter.compact(
            .object([
                ("id", .string(record.name)), ("status", .string("report")), ("text", .string(record.end)),
                ("exitCode", record.exitCode.map { .integer(Int64($0)) } ?? .null),
                ("signal", record.signal.map { .string($0) } ?? .null),
                ("seconds", record.ranFor.map { .number($0) } ?? .null),
                ("restarts", .integer(Int64(record.restarts))),
                ("peakMemory", record.peakMemory.map { .integer($0) } ?? .null),
            ]))
    }

    /// Why a command failed.
    static func error(_ message: String) -> String {
        JSONWriter.compact(["error": true, "message": .string(message)])
    }
}
