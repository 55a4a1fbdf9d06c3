internal import Linux

/// In version 1 a cgroup can give those below it no more of the time of the real-time scheduler than it has, and has none
/// to begin with. See sched-rt-group in the kernel's documentation.
enum RealtimeInheritance {
    /// Gives what is above `directory`, up to `mount`, as much as all below it have, and what `writes` are about to give
    /// it. Where that is more than there is, it is the writes that fail.
    static func complete(_ directory: String, mount: String, for writes: [CgroupWrite]) {
        guard let runtime = writes.last(where: { $0.file == Self.runtime }).flatMap({ Double($0.value) }) else {
            return
        }
        let period = writes.last { $0.file == Self.period }.flatMap { Double($0.value) } ?? share(of: directory).period
        give(runtime / period, to: directory, mount: mount)
    }

    private static let runtime = "cpu.rt_runtime_us"
    private static let period = "cpu.rt_period_us"

    private static func give(_ share: Double, to child: String, mount: String) {
        guard let parent = parentDirectory(of: child), parent != mount else { return }
        let names = (try? FileDescriptor.open(parent, .directory).entries()) ?? []
        let others = names.map { "\(parent)/\($0)" }.filter { $0 != child }.reduce(0) { sum, other in
            sum + (takeBack(from: other, before: child) ? 0 : Self.share(of: other).share)
        }
        let own = Self.share(of: parent)
        guard own.share < others + share, others + share <= 1 else { return }
        give(others + share, to: parent, mount: mount)
        let microseconds = Int(((others + share) * own.period).rounded(.up))
        try? writeControlFile("\(parent)/\(runtime)", String(microseconds))
    }

    /// Takes it from the cgroup of an earlier run of the same instance, which is there for a moment more.
    private static func takeBack(from other: String, before child: String) -> Bool {
        func instance(_ path: String) -> Substring? { path.split(separator: "/").last?.split(separator: ".").first }
        guard instance(other) == instance(child), (try? readText("\(other)/cgroup.procs")) == "" else { return false }
        return (try? writeControlFile("\(other)/\(runtime)", "0")) != nil
    }

    private static func share(of directory: String) -> (share: Double, period: Double) {
        func value(_ file: String) -> Double? {
            (try? readText("\(directory)/\(file)")).flatMap { Double($0.prefix { $0 == "-" || $0.isNumber }) }
        }
        let (runtime, period) = (value(runtime) ?? 0, value(period) ?? 1_000_000)
        // -1 is all there is.
        return (runtime < 0 ? .infinity : runtime / period, period)
    }
}
