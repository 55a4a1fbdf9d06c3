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
        arm(name)
    }

    func unschedule(_ name: InstanceName) {
        timetables[name] = nil
        timers.disarm(.schedule(name))
    }

    private func arm(_ name: InstanceName) {
        guard let next = timetables[name]?.next else { return timers.disarm(.schedule(name)) }
        let distance = next.nanosecondsSinceEpoch - WallTime.now.nanosecondsSinceEpoch
        timers.arm(.schedule(name), at: .now + .nanoseconds(max(0, distance)))
    }

    /// Runs an instance whose time has come, unless it still runs from the last time.
    func runIfDue(_ name: InstanceName) {
        guard machine.members[name]?.isScheduled == true else { return unschedule(name) }
        if timetables[name]?.isDue(at: .now) == true {
            changes.instances.insert(name)
            perform(machine.start([name], at: .now))
        }
        arm(name)
    }
}
