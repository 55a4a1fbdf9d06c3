internal import Linux
internal import OrderedCollections

extension Supervisor {
    /// Lets an instance be run when its time comes.
    ///
    /// - Parameter lastSeen: until when all its times have been dealt with, by a supervisor before this one.
    func schedule(_ name: InstanceName, lastSeen: Int64? = nil) {
        guard let schedule = instances[name]?.service.schedule else { return }
        let last = lastSeen.map { WallTime(nanosecondsSinceEpoch: $0) } ?? timetables[name]?.seen
        do {
            let zone = try TimeZoneRules.read(schedule.timeZone)
            timetables[name] = ScheduleTimetable(schedule, zone: zone, last: last, now: .now)
        } catch {
            return emit(StackEvent("\(name)", .failed, detail: "its time zone: \(error)"))
        }
        machine.setSchedule(true, of: name)
        changes.instances.insert(name)
        armClock()
    }

    func unschedule(_ name: InstanceName) {
        if timetables.removeValue(forKey: name) != nil { armClock() }
    }

    /// By the calendar, not by a distance: a machine that has slept, or whose clock is set, is not to be late.
    private func armClock() {
        // A time that is past rings at once. Where it cannot be armed the next change tries again.
        try? clock.arm(timetables.values.compactMap(\.next).min())
    }

    /// Runs the instances whose time has come, unless they still run from the last time.
    func runWhatIsDue() {
        clock.drain()
        let now = WallTime.now
        for name in timetables.keys.sorted(by: { $0.description < $1.description }) {
            guard machine.members[name]?.isScheduled == true else {
                timetables[name] = nil
                continue
            }
            guard timetables[name]?.isDue(at: now) == true else { continue }
            changes.instances.insert(name)
            perform(machine.start([name], at: .now))
        }
        armClock()
    }
}
