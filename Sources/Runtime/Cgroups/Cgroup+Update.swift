internal import Linux

extension Cgroup {
    /// Writes the limits of `resources` over those there are. What they say nothing about stays.
    ///
    /// - Parameter scope: whose cgroup it is, where systemd made it.
    /// - Throws: `CgroupError.missingController` also for a controller in whose hierarchy the cgroup has no place,
    ///   `.belowUsage` where `checkBeforeUpdate` is asked for. Limits before the one that failed are in force then.
    public func update(
        _ resources: Resources, layout: CgroupLayout, scope: SystemdScope? = nil
    ) throws(CgroupError) {
        try checkUsage(resources.memory)
        let resources = completed(resources)
        let plan = try CgroupPlan(
            path: places.first?.path ?? "", resources: resources, layout: layout, membership: .whereLimited)
        // First: what systemd writes is less exact.
        try scope?.update(resources)
        for member in plan.members {
            guard let place = places.first(where: { $0.mount == member.place.mount }) else {
                throw .missingController(member.controllers.first ?? .devices)
            }
            try update(place, member, resources.devices)
        }
    }

    private func update(
        _ place: CgroupPlace, _ member: CgroupPlan.Member, _ devices: [DeviceRule]
    ) throws(CgroupError) {
        if place.isUnified {
            do {
                try UnifiedHierarchy(mount: place.mount).prepare(
                    parentOf: place.path, controllers: member.controllers)
            } catch {
                throw .system(error)
            }
        }
        if !member.devices.isEmpty { try DeviceFilter.apply(member.devices, in: place.directory) }
        guard member.controllers.contains(.devices), let current = place.text("devices.list") else {
            return try place.apply(member.writes)
        }
        try place.apply(member.writes.filter { !$0.file.hasPrefix("devices.") })
        try place.apply(try DeviceList(devices).writes(from: current))
    }

    /// Version 2 has one file, or one meaning, where version 1 has two: the half that is not said is what there is.
    private func completed(_ resources: Resources) -> Resources {
        var resources = resources
        if (resources.cpu.period ?? 0) == 0, (resources.cpu.quota ?? 0) != 0, let text = version2("cpu.max") {
            resources.cpu.period = text.split { $0.isWhitespace }.last.flatMap { UInt64($0) }
        }
        if (resources.cpu.quota ?? 0) == 0, (resources.cpu.period ?? 0) != 0, let text = version2("cpu.max") {
            resources.cpu.quota = Int64(text.prefix { $0 != " " })
        }
        if (resources.memory.limit ?? 0) == 0, (resources.memory.swap ?? 0) > 0, let text = version2("memory.max") {
            resources.memory.limit = Int64(text.prefix { $0.isNumber })
        }
        return resources
    }

    /// See `checkBeforeUpdate` in config-linux.md: what version 1 refuses, version 2 makes room for by killing.
    private func checkUsage(_ memory: Resources.Memory) throws(CgroupError) {
        guard memory.checkBeforeUpdate == true, let limit = memory.limit, limit > 0 else { return }
        guard let text = version1("memory.usage_in_bytes") ?? version2("memory.current"),
            let usage = Int64(text.prefix { $0.isNumber }), usage > limit
        else { return }
        throw .belowUsage(limit: limit, usage: usage)
    }
}
