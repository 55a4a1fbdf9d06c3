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

    /// Why a command failed.
    static func error(_ message: String) -> String {
        JSONWriter.compact(["error": true, "message": .string(message)])
    }
}
