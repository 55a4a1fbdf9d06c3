internal import ArgumentParser
internal import Compose
internal import Linux

/// A point in time, as `TimeText` has it.
struct TimeArgument: ExpressibleByArgument {
    let time: WallTime

    init?(argument: String) {
        guard let time = TimeText.parse(argument, now: .now) else { return nil }
        self.time = time
    }
}

extension WallTime {
    /// How long it is until then by the clock as it is now; nothing for what has been.
    var fromNow: Duration {
        let now = WallTime.now.nanosecondsSinceEpoch
        return nanosecondsSinceEpoch > now ? .nanoseconds(nanosecondsSinceEpoch - now) : .zero
    }
}
