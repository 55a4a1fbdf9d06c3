/// Points in calendar time that come again and again, as crontab(5) writes them, or a fixed distance.
public struct CronExpression: Hashable, Sendable {
    /// What it says.
    enum Form: Hashable, Sendable {
        case fields(CronFields)

        /// So long after the time before.
        case every(Duration)
    }

    /// As in the stack file.
    public let text: String
    let form: Form

    /// Reads five fields or one of the short forms that begin with `@`.
    ///
    /// - Throws: `CronError`, which says what was expected.
    public init(_ text: String) throws(CronError) {
        self.text = text
        let words = text.split { $0 == " " || $0 == "\t" }
        guard let first = words.first else { throw CronError("it is empty; write five fields, or @daily") }
        if first.hasPrefix("@") {
            form = try Self.short(first, words.dropFirst())
        } else {
            form = .fields(try CronFields(words))
        }
    }

    private static let shortForms = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    private static func short(_ word: Substring, _ rest: ArraySlice<Substring>) throws(CronError) -> Form {
        if word == "@every" {
            guard rest.count == 1, let text = rest.first, let duration = DurationText.parse(String(text)) else {
                throw CronError("expected a duration behind @every, such as @every 5m")
            }
            guard duration >= .seconds(1) else { throw CronError("expected at least 1s behind @every") }
            return .every(duration)
        }
        guard rest.isEmpty, let fields = shortForms[String(word)] else {
            throw CronError(
                "expected five fields, or one of @yearly, @monthly, @weekly, @daily, @hourly, @every DURATION")
        }
        return .fields(try CronFields(fields.split(separator: " ")))
    }
}

/// Why a text is no schedule.
public struct CronError: Error, Hashable, Sendable {
    /// What was expected; goes on after a colon.
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
