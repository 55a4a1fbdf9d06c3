public import JSON

extension CgroupStatistics {
    /// The event that `runc events --stats` prints, which engines read: the same keys in the same order, zeros left out
    /// where runc leaves them out.
    public func event(of identifier: String) -> JSONValue {
        ["type": "stats", "id": .string(identifier), "data": json]
    }

    /// The `data` of the event.
    public var json: JSONValue {
        [
            "cpu": cpu.json,
            "cpuset": cpuset.json,
            "memory": memory.json,
            "pids": .present([("current", .count(pids.current)), ("limit", .count(pids.limit))]),
            "blkio": blockIO.json,
            "hugetlb": .object(hugetlb.map { ($0.pageSize, $0.json) }),
            "intel_rdt": [:],
            "network_interfaces": .null,
        ]
    }
}

extension JSONValue {
    /// A number that is left out where it is zero.
    fileprivate static func count(_ number: UInt64) -> JSONValue? { number == 0 ? nil : always(number) }

    fileprivate static func always(_ number: UInt64) -> JSONValue {
        Int64(exactly: number).map { .integer($0) } ?? .unsigned(number)
    }

    /// A list that is left out where it is empty.
    fileprivate static func list(_ numbers: [some BinaryInteger]) -> JSONValue? {
        numbers.isEmpty ? nil : .array(numbers.map { always(UInt64(clamping: $0)) })
    }

    fileprivate static func present(_ entries: [(key: String, value: JSONValue?)]) -> JSONValue {
        .object(entries.compactMap { entry in entry.value.map { (entry.key, $0) } })
    }
}

extension CgroupStatistics.CPU {
    fileprivate var json: JSONValue {
        .present([
            (
                "usage",
                .present([
                    ("total", .count(total)), ("percpu", .list(perProcessor)),
                    ("percpu_kernel", .list(perProcessorKernel)), ("percpu_user", .list(perProcessorUser)),
                    ("kernel", .always(kernel)), ("user", .always(user)),
                ])
            ),
            (
                "throttling",
                .present([
                    ("periods", .count(periods)), ("throttledPeriods", .count(throttledPeriods)),
                    ("throttledTime", .count(throttledTime)),
                ])
            ),
            ("psi", pressure?.json),
        ])
    }
}

extension CgroupStatistics.Cpuset {
    fileprivate var json: JSONValue {
        .present([
            ("cpus", .list(cpus)), ("cpu_exclusive", .always(cpuExclusive)), ("mems", .list(mems)),
            ("mem_hardwall", .always(memHardwall)), ("mem_exclusive", .always(memExclusive)),
            ("memory_migrate", .always(memoryMigrate)), ("memory_spread_page", .always(memorySpreadPage)),
            ("memory_spread_slab", .always(memorySpreadSlab)), ("memory_pressure", .always(memoryPressure)),
            ("sched_load_balance", .always(schedLoadBalance)),
            ("sched_relax_domain_level", .integer(schedRelaxDomainLevel)),
        ])
    }
}

extension CgroupStatistics.Memory {
    fileprivate var json: JSONValue {
        // Sorted, as Go writes its maps.
        let counts = raw.sorted { $0.name < $1.name }.map { (key: $0.name, value: JSONValue.always($0.value)) }
        return .present([
            ("cache", .count(cache)), ("usage", usage.json), ("swap", swap.json), ("kernel", kernel.json),
            ("kernelTCP", kernelTCP.json), ("raw", counts.isEmpty ? nil : .object(counts)), ("psi", pressure?.json),
        ])
    }
}

extension CgroupStatistics.Memory.Entry {
    fileprivate var json: JSONValue {
        .present([
            ("limit", .always(limit)), ("usage", .count(usage)), ("max", .count(max)), ("failcnt", .always(failures)),
        ])
    }
}

extension CgroupStatistics.BlockIO {
    fileprivate var json: JSONValue {
        func list(_ entries: [Entry]) -> JSONValue? { entries.isEmpty ? nil : .array(entries.map(\.json)) }
        return .present([
            ("ioServiceBytesRecursive", list(serviceBytes)), ("ioServicedRecursive", list(serviced)),
            ("ioQueueRecursive", list(queued)), ("ioServiceTimeRecursive", list(serviceTime)),
            ("ioWaitTimeRecursive", list(waitTime)), ("ioMergedRecursive", list(merged)),
            ("ioTimeRecursive", list(time)), ("sectorsRecursive", list(sectors)), ("psi", pressure?.json),
        ])
    }
}

extension CgroupStatistics.BlockIO.Entry {
    fileprivate var json: JSONValue {
        .present([
            ("major", .count(major)), ("minor", .count(minor)),
            ("op", operation.isEmpty ? nil : .string(operation)), ("value", .count(value)),
        ])
    }
}

extension CgroupStatistics.Hugetlb {
    fileprivate var json: JSONValue {
        .present([("usage", .count(usage)), ("max", .count(max)), ("failcnt", .always(failures))])
    }
}

extension CgroupStatistics.Pressures {
    fileprivate var json: JSONValue {
        .present([("some", some?.json), ("full", full?.json)])
    }
}

extension CgroupStatistics.Pressure {
    fileprivate var json: JSONValue {
        [
            "avg10": .number(average10), "avg60": .number(average60), "avg300": .number(average300),
            "total": .always(total),
        ]
    }
}
