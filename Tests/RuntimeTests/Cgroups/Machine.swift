import Linux

@testable import Runtime

/// What the machine that runs the tests has.
enum Machine {
    static let layout = CgroupLayout.detect()
    static let hasUnified = layout.unified != nil
    static let hasMemory = layout.has(.memory)
    /// Linux 5.14 is the first to have it.
    static let hasBurst = KernelVersion.running.map { $0 >= KernelVersion(major: 5, minor: 14) } ?? false

    /// A block device, by its numbers as `/sys/block` has them.
    static let disk: DeviceNumber? = {
        for name in ((try? directoryEntries("/sys/block")) ?? []).sorted() {
            let numbers = ((try? readText("/sys/block/\(name)/dev")) ?? "").split { $0 == ":" || $0 == "\n" }
                .compactMap { UInt32($0) }
            if numbers.count == 2 { return DeviceNumber(major: numbers[0], minor: numbers[1]) }
        }
        return nil
    }()

    /// Where the time of the real-time scheduler is given out, as it is with version 1 on some kernels.
    static let realtime: String? = layout.hierarchies.map { "\($0.path)/cpu.rt_runtime_us" }.first {
        (try? FileStatus.of($0)) != nil
    }

    /// A size of huge pages that some hierarchy limits.
    static let hugePages: String? = {
        guard layout.has(.hugetlb) else { return nil }
        return (try? FileStatus.of("/sys/kernel/mm/hugepages/hugepages-2048kB")) == nil ? nil : "2MB"
    }()
}
