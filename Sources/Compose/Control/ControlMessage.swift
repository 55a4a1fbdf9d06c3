internal import FoundationEssentials

/// What a command asks of the supervisor of a stack.
enum ControlRequest: Codable, Hashable, Sendable {
    /// Make the stack what this definition says. `definition` is canonical, `files` and `directory` are where it is from.
    case up(definition: String, directory: String, files: [String])
    /// Stop everything in order, then end.
    case stop
    /// Kill what is still there.
    case kill
}

/// What the supervisor answers: events as they happen, then one of the others.
enum ControlReply: Codable, Hashable, Sendable {
    case event(StackEvent)
    /// The request has been carried out; these instances failed.
    case done(failed: [String])
    case refused(String)
    /// Somebody else supervises the stack, or is about to.
    case busy
}

/// Messages as lines of JSON, one each.
enum ControlLine {
    static func encode(_ message: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(message) else { return [] }
        return Array(data) + [UInt8(ascii: "\n")]
    }

    static func decode<Message: Decodable>(_ line: some Sequence<UInt8>, as type: Message.Type) -> Message? {
        try? JSONDecoder().decode(type, from: Data(line))
    }
}
