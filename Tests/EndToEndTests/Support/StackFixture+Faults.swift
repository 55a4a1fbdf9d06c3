import FoundationEssentials
import Linux

extension StackFixture {
    /// A stack that nothing happens to by itself.
    static let steady = """
        services:
          app: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}
          other: {rootfs: rootfs, stop_signal: KILL, restart: always, command: [sleep, "600"]}

        """

    /// The first process of each container there is of the stack, by instance, as the kernel knows them.
    func firstProcesses() throws -> [String: Set<Int32>] {
        var found: [String: Set<Int32>] = [:]
        for top in try traces().cgroups {
            for run in (try? directoryEntries(top)) ?? [] {
                guard let instance = run.split(separator: ".").first.map(String.init),
                    let text = try? readText("\(top)/\(run)/cgroup.procs")
                else { continue }
                for process in text.split(separator: "\n").compactMap({ Int32($0) }) where isFirst(process) {
                    found[instance, default: []].insert(process)
                }
            }
        }
        return found
    }

    /// Whether it is number 1 in a PID namespace of its own. See proc(5), `/proc/PID/status`.
    private func isFirst(_ process: Int32) -> Bool {
        guard let status = try? readText("/proc/\(process)/status") else { return false }
        let lines = status.split(separator: "\n")
        let numbers = lines.first { $0.hasPrefix("NSpid:") }?.split(whereSeparator: \.isWhitespace) ?? []
        let isDead = lines.contains { $0.hasPrefix("State:\tZ") || $0.hasPrefix("State:\tX") }
        return numbers.count > 2 && numbers.last == "1" && !isDead
    }

    /// Kills the supervisor, and returns once it is gone.
    func killSupervisor() throws {
        let supervisor = try SupervisorDeathTests.supervisor(of: self)
        try supervisor.send(.kill)
        let poller = try Poller()
        try poller.add(supervisor.descriptor, token: 0)
        _ = try poller.wait(timeout: .seconds(20))
    }

    var journal: String { "\(dataBase)/\(project)/journal" }

    /// All lines of an instance's log as their numbers, and where lines are missing as how many.
    func logNumbers(of service: String) throws -> [(number: Int, lost: Int)] {
        struct Line: Decodable {
            let seq: Int
            let lost: Int?
        }
        let logs = try compose("logs", "--format", "json", service)
        // What is missing is said on standard error.
        return try (logs.output + logs.errors).split(separator: "\n").map {
            let line = try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            return (line.seq, line.lost ?? 0)
        }.sorted { $0.0 < $1.0 }
    }
}
