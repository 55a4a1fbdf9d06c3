internal import Linux

/// When the scheduled instances of a stack are to be run: one for all of them. It never waits: it has one descriptor that
/// becomes readable when the time of one has come, and when somebody sets the clock.
final class ScheduleClock {
    private let timer: WallClockTimer
    private var tables: [InstanceName: ScheduleTimetable] = [:]

    init() throws(SystemError) {
        timer = try WallClockTimer()
    }

    /// Has `poller` report `token` when there is something for `takeDue`.
    func join(_ poller: borrowing Poller, token: UInt64) throws(SystemError) {
        try poller.add(timer.descriptor, token: token)
    }

    /// Runs an instance by a schedule from now on, in place of the one it had.
    ///
    /// - Parameter last: until when its times have been dealt with: what `seen` was once; nil for a new instance.
    /// - Throws: `TimeZoneError` where its time zone is not to be had.
    func add(_ instance: InstanceName, _ schedule: Schedule, last: WallTime?) throws(TimeZoneError) {
        let zone = try TimeZoneRules.read(schedule.timeZone)
        tables[instance] = ScheduleTimetable(schedule, zone: zone, last: last, now: .now)
        arm()
    }

    func remove(_ instance: InstanceName) {
        guard tables.removeValue(forKey: instance) != nil else { return }
        arm()
    }

    /// When an instance is run next, for people.
    func next(of instance: InstanceName) -> WallTime? { tables[instance]?.next }

    /// Until when an instance's times have been dealt with: to be written down.
    func seen(of instance: InstanceName) -> WallTime? { tables[instance]?.seen }

    /// The instances that are to be run now, in the order of their times. One that still runs is not to be run twice.
    func takeDue() -> [InstanceName] {
        timer.drain()
        let now = WallTime.now
        let times = tables.mapValues(\.next)
        let due = tables.keys.filter { tables[$0]?.isDue(at: now) == true }
        arm()
        return due.sorted { left, right in
            let (first, second) = (times[left] ?? nil, times[right] ?? nil)
            return first == second ? left.description < right.description : first ?? now < second ?? now
        }
    }

    private func arm() {
        // A time that is past rings at once. Where it cannot be armed the next change tries again.
        try? timer.arm(tables.values.compactMap(\.next).min())
    }
}
