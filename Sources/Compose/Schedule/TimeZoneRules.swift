/// How far local time is from UTC, at every moment: a time zone of the tz database. See tzfile(5), RFC 9636.
public struct TimeZoneRules: Hashable, Sendable {
    /// A moment from which on another distance holds.
    struct Transition: Hashable, Sendable {
        /// In seconds since 1970-01-01T00:00:00Z.
        let time: Int64
        /// Local time less UTC, in seconds.
        let offset: Int
    }

    /// The distance before the first transition, in seconds.
    let firstOffset: Int
    /// In ascending order.
    let transitions: [Transition]
    /// What holds after the last transition; nil for its offset, forever.
    let footer: PosixTimeZone?

    public static let utc = TimeZoneRules(firstOffset: 0, transitions: [], footer: nil)

    /// Local time less UTC at a moment, in seconds.
    func offset(at time: Int64) -> Int {
        if let last = transitions.last, time < last.time || footer == nil {
            // The last one that is not after it.
            var (low, high) = (0, transitions.count)
            while low < high {
                let middle = (low + high) / 2
                if transitions[middle].time <= time { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? firstOffset : transitions[low - 1].offset
        }
        return footer?.offset(at: time) ?? firstOffset
    }

    /// The transitions within a span of time, in ascending order.
    func transitions(within range: ClosedRange<Int64>) -> [Transition] {
        let written = transitions.filter { range.contains($0.time) }
        let end = transitions.last?.time ?? .min
        guard let footer, range.upperBound > end else { return written }
        return written + footer.transitions(within: range).filter { $0.time > end }
    }
}

extension TimeZoneRules {
    /// The moments at which clocks show a local time, given in seconds as if it were UTC.
    enum Moments: Hashable, Sendable {
        /// Usually one; two where the clock is set back, the earlier first.
        case shown([Int64])
        /// None: the clock is set forward over it, at this moment.
        case skipped(at: Int64)
    }

    func moments(showing local: Int64) -> Moments {
        // No place is further from UTC than this, so that no transition outside of it matters.
        let reach: Int64 = 86_400 * 2
        let near = transitions(within: local - reach...local + reach)
        var offset = offset(at: local - reach - 1)
        var offsets: Set<Int> = [offset]
        for transition in near { offsets.insert(transition.offset) }
        let moments = offsets.map { local - Int64($0) }.filter { self.offset(at: $0) == Int(local - $0) }.sorted()
        guard moments.isEmpty else { return .shown(moments) }
        for transition in near {
            let before = transition.time + Int64(offset)
            let after = transition.time + Int64(transition.offset)
            if before <= local, local < after { return .skipped(at: transition.time) }
            offset = transition.offset
        }
        return .skipped(at: local - Int64(offset))
    }
}
