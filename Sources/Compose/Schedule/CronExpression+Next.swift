public import Linux

extension CronExpression {
    /// The first time that it means after `time`.
    ///
    /// Times of the clock, whose hour and minute are both given without `*`, come once on each of their days: where
    /// clocks are set forward over one, at the moment they are; where they are set back, the first time only. All others
    /// follow the clock as it is, so that `*/15 * * * *` comes four times in every hour that passes.
    ///
    /// - Returns: nil where it does not come within fifty years.
    public func next(after time: WallTime, in zone: TimeZoneRules) -> WallTime? {
        let nanoseconds: Int64 = 1_000_000_000
        switch form {
        case .every(let duration):
            let (seconds, attoseconds) = duration.components
            let (sum, overflow) = time.nanosecondsSinceEpoch.addingReportingOverflow(
                seconds * nanoseconds + attoseconds / nanoseconds)
            return overflow ? nil : WallTime(nanosecondsSinceEpoch: sum)
        case .fields(let fields):
            // Rounded down: whole seconds that are later are later than what is left out, too.
            let seconds = time.nanosecondsSinceEpoch.dividedDown(by: nanoseconds)
            return CronSearch(fields: fields, zone: zone).next(after: seconds).map {
                WallTime(nanosecondsSinceEpoch: $0 * nanoseconds)
            }
        }
    }
}

/// Looks for the next moment that five fields mean.
private struct CronSearch {
    let fields: CronFields
    let zone: TimeZoneRules

    private static let day: Int64 = 86_400
    /// A 29th of February that is a Sunday may be forty years away.
    private static let dayLimit = 366 * 50

    /// In seconds since 1970.
    func next(after time: Int64) -> Int64? {
        let local = time + Int64(zone.offset(at: time))
        let today = Int(local.dividedDown(by: Self.day))
        for number in (today - 1)...(today + Self.dayLimit) {
            guard let found = first(onDay: number, after: time) else { continue }
            // Where clocks are set back over midnight, the day after begins before this one is over.
            return min(found, first(onDay: number + 1, after: time) ?? found)
        }
        return nil
    }

    private func first(onDay number: Int, after time: Int64) -> Int64? {
        guard fields.contains(CivilDate(dayNumber: number)) else { return nil }
        let midnight = Int64(number) * Self.day
        let reach = 2 * Self.day
        // On nearly all days nothing happens, and the first time of the clock is the first moment.
        let isPlain = zone.transitions(within: (midnight - reach)...(midnight + reach)).isEmpty
        let plainOffset = Int64(zone.offset(at: midnight))
        var earliest: Int64?
        for hour in fields.hour.values {
            for minute in fields.minute.values {
                let local = midnight + Int64(hour * 3_600 + minute * 60)
                if isPlain {
                    if local - plainOffset > time { return local - plainOffset }
                    continue
                }
                for moment in moments(of: local) where moment > time { earliest = min(earliest ?? moment, moment) }
            }
        }
        return earliest
    }

    private func moments(of local: Int64) -> [Int64] {
        switch zone.moments(showing: local) {
        case .shown(let moments): fields.isOfTheClock ? Array(moments.prefix(1)) : moments
        case .skipped(let moment): fields.isOfTheClock ? [moment] : []
        }
    }
}

extension Int64 {
    /// The quotient, rounded to the lower number also where this one is negative.
    fileprivate func dividedDown(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
