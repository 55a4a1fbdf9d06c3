/// When a service is run by itself.
extension ServiceReader {
    /// - Parameter restart: what follows its end, which has to leave the next start to the schedule.
    mutating func readSchedule(restart: RestartPolicy) -> Schedule? {
        guard let schedule = node["schedule"], let cron = schedule["cron"], let text = cron.string else { return nil }
        let expression: CronExpression
        do {
            expression = try CronExpression(text)
        } catch {
            problems.error(
                "\"\(text)\" is no schedule for service \"\(name)\": \(error.reason)", at: cron.place, notes: cron.notes
            )
            return nil
        }
        switch restart.condition {
        case .no, .onFailure: break
        case .always, .unlessStopped:
            problems.error(
                "service \"\(name)\" is run by its schedule, so it cannot be restarted \(restart); "
                    + "choose no, on-failure or on-failure:N",
                at: node["restart"]?.place)
        }
        return Schedule(
            expression, timeZone: schedule["timezone"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            missed: schedule["missed"]?.string.flatMap(Schedule.Missed.init) ?? .skip)
    }
}
