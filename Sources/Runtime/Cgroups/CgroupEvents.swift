public import Linux

/// Tells when a process of a cgroup was killed because memory ran out.
///
/// Version 2 changes `memory.events`; version 1 adds to a counter that was registered. See memory in the kernel's
/// documentation of either.
public struct CgroupEvents: ~Copyable {
    /// Becomes readable when there may be news. Ask `take` then.
    public let descriptor: FileDescriptor
    /// The file that the counter of version 1 is registered for must stay open as long as it is to count.
    private let registration: FileDescriptor?
    private let cgroup: Cgroup
    private var seen: Int

    /// - Throws: `CgroupError.missingController` where the cgroup has no place with a memory controller.
    public init(of cgroup: Cgroup) throws(CgroupError) {
        self.cgroup = cgroup
        seen = cgroup.outOfMemoryKills()
        do throws(SystemError) {
            if let place = cgroup.version1(with: "memory.oom_control") {
                let counter = try EventCounter()
                let file = try FileDescriptor.open(place.directory + "/memory.oom_control")
                try writeControlFile(
                    place.directory + "/cgroup.event_control", "\(counter.descriptor.number) \(file.number)")
                descriptor = counter.keepingDescriptor()
                registration = consume file
                return
            }
            if let unified = cgroup.unified, unified.text("memory.events") != nil {
                descriptor = try DirectoryWatch(unified.directory + "/memory.events").keepingDescriptor()
                registration = nil
                return
            }
        } catch {
            throw .system(error)
        }
        throw .missingController(.memory)
    }

    /// How many processes have been killed since this was last asked.
    public mutating func take() throws(SystemError) -> Int {
        while case .bytes = try descriptor.read(upTo: 4096) {}
        let kills = cgroup.outOfMemoryKills()
        defer { seen = kills }
        return max(0, kills - seen)
    }
}
