internal import Runtime

/// What the cgroup of one run of an instance is called: `web-1.4711-3`, or `web-1.4711-3-0` where what runs is the first of
/// the hooks before its start. It is there before the process is, and tells what that is whatever else is lost.
struct RunName: Hashable, Sendable, CustomStringConvertible {
    let instance: InstanceName
    /// The process that started it.
    let supervisor: Int32
    /// Counts from 1.
    let run: Int
    /// Which of the `pre_start` hooks it is; nil for the service itself.
    let hook: Int?

    init(_ instance: InstanceName, supervisor: Int32, run: Int, hook: Int? = nil) {
        self.instance = instance
        self.supervisor = supervisor
        self.run = run
        self.hook = hook
    }

    var description: String { "\(instance).\(supervisor)-\(run)" + (hook.map { "-\($0)" } ?? "") }

    /// Reads what `description` writes.
    init?(_ text: some StringProtocol) {
        guard let dot = text.lastIndex(of: "."), let instance = InstanceName(text[..<dot]) else { return nil }
        let numbers = text[text.index(after: dot)...].split(separator: "-", omittingEmptySubsequences: false)
        guard (2...3).contains(numbers.count), let supervisor = Int32(numbers[0]), let run = Int(numbers[1]) else {
            return nil
        }
        let hook = numbers.count == 3 ? Int(numbers[2]) : nil
        guard numbers.count == 2 || hook != nil else { return nil }
        self.init(instance, supervisor: supervisor, run: run, hook: hook)
    }

    /// What a cgroup is that a supervisor has made; nil for one of anybody else.
    init?(of cgroup: Cgroup) {
        guard let name = cgroup.places.first?.path.split(separator: "/").last else { return nil }
        self.init(name)
    }
}
