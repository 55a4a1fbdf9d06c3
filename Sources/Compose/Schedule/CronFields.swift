/// The five fields of a schedule. See crontab(5).
struct CronFields: Hashable, Sendable {
    let minute: CronField
    let hour: CronField
    let day: CronField
    let month: CronField
    let weekday: CronField

    init(_ words: [Substring]) throws(CronError) {
        guard words.count == 5 else {
            throw CronError(
                "expected five fields (minute, hour, day of the month, month, day of the week), found \(words.count)")
        }
        minute = try CronField(words[0], .minute)
        hour = try CronField(words[1], .hour)
        day = try CronField(words[2], .day)
        month = try CronField(words[3], .month)
        weekday = try CronField(words[4], .weekday)
        guard canCome else { throw CronError("no month that it names has such a day") }
    }

    /// Whether it is about hours and minutes of the clock, rather than about a distance between them: of the former each
    /// comes once a day, whatever the clock does.
    var isOfTheClock: Bool { !minute.isStarred && !hour.isStarred }

    /// Whether a date is one of those meant. Where both fields for days say something, one of them is enough.
    func contains(_ date: CivilDate) -> Bool {
        guard month.contains(date.month) else { return false }
        let isDay = day.contains(date.day)
        let isWeekday = weekday.contains(date.weekday)
        return day.isStarred || weekday.isStarred ? isDay && isWeekday : isDay || isWeekday
    }

    private var canCome: Bool {
        guard !day.isStarred, weekday.isStarred, let first = day.values.first else { return true }
        return month.values.contains { first <= CivilDate.longestMonth($0) }
    }
}
