internal import Linux

/// A transient scope of systemd's, which a container's processes are in. See systemd.scope(5).
public struct SystemdScope: Hashable, Sendable {
    /// With its ending.
    public let name: String
    /// Nil for one that has been started.
    let slice: SliceName?

    /// One that an earlier process started.
    ///
    /// - Returns: nil for an empty name, which is none.
    init?(existing name: String) {
        guard !name.isEmpty else { return nil }
        self.name = name
        slice = nil
    }

    private init(name: String, slice: SliceName) {
        self.name = name
        self.slice = slice
    }

    /// The one that the specification's `cgroupsPath` means where systemd makes the cgroups: `slice:prefix:name`, of which
    /// the slice and the prefix may be empty.
    ///
    /// - Parameters:
    ///   - text: the value of the document; nil or empty for `:gocker:ID`.
    ///   - identifier: the container's.
    ///   - isRoot: whether the machine's manager is asked, not a user's.
    /// - Throws: `CgroupError.path` for anything else.
    public init(cgroupsPath text: String?, identifier: String, isRoot: Bool) throws(CgroupError) {
        let text = text.flatMap { $0.isEmpty ? nil : $0 } ?? ":gocker:\(identifier)"
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[2].isEmpty else {
            throw .path(text, "with --systemd-cgroup this is slice:prefix:name, e.g. system.slice:gocker:\(identifier)")
        }
        guard let slice = parts[0].isEmpty ? SliceName.standard(forRoot: isRoot) : SliceName(parts[0]) else {
            throw .path(text, "\"\(parts[0])\" is not the name of a slice, such as system.slice")
        }
        guard !parts[2].hasSuffix(".slice") else {
            throw .path(text, "a container is in a scope of its own below a slice, not in the slice")
        }
        let name = UnitName.escaped(parts[1].isEmpty ? parts[2] : "\(parts[1])-\(parts[2])") + ".scope"
        guard name.utf8.count <= UnitName.longest else {
            throw .path(text, "the name of the scope would be longer than \(UnitName.longest) bytes")
        }
        self.init(name: name, slice: slice)
    }
}

extension SystemdScope {
    /// Its cgroup, below the mount of the hierarchy, without a slash in front.
    ///
    /// - Parameter manager: the cgroup of the manager.
    func path(below manager: String) -> String {
        (manager.split(separator: "/").map(String.init) + [slice?.path ?? "", name].filter { !$0.isEmpty })
            .joined(separator: "/")
    }

    /// Where the caller's manager makes its cgroup.
    ///
    /// Only in version 2: in version 1, which newer systemds do not have any more, it sets devices free when it reads its
    /// files again.
    func path(on layout: CgroupLayout) throws(CgroupError) -> String {
        guard layout.unified != nil, layout.hierarchies.isEmpty else {
            throw .systemd(
                unit: name, "only in version 2 of cgroups, and this machine has version 1; leave systemd out")
        }
        let manager = try ask { (systemd) throws(SystemdError) in try systemd.text(ofProperty: "ControlGroup") }
        return path(below: manager)
    }

    /// Starts it, with a process in it: a scope is never empty.
    func start(with process: Int32, resources: Resources) throws(CgroupError) {
        let properties = [
            UnitProperty("Description", .text("Gocker container \(name.dropLast(".scope".count))")),
            UnitProperty("Slice", .text(slice?.name ?? "")), UnitProperty("PIDs", .list32([UInt32(process)])),
            // What is below it is ours, with all controllers.
            UnitProperty("Delegate", .boolean(true)),
            // It neither waits for the machine's start nor is in the way of its end.
            UnitProperty("DefaultDependencies", .boolean(false)),
            // Forgotten when it ends, also where that was a failure, so that its name is free.
            UnitProperty("CollectMode", .text("inactive-or-failed")),
        ]
        let limits = try resources.unitProperties
        try ask { (systemd) throws(SystemdError) in
            do throws(SystemdError) {
                try start(properties + limits, by: systemd)
            } catch .refused("org.freedesktop.systemd1.UnitExists", _) {
                // One that has failed is kept to be looked at, where somebody else started it.
                _ = try? systemd.call("ResetFailedUnit", "s") { $0.write(name) }
                try start(properties + limits, by: systemd)
            }
        }
    }

    private func start(_ properties: [UnitProperty], by systemd: SystemdConnection) throws(SystemdError) {
        try systemd.perform("StartTransientUnit", "ssa(sv)a(sa(sv))") { writer in
            writer.write(name)
            writer.write("fail")
            writer.write(properties)
            writer.writeArray(alignment: 8) { _ in }  // no further units
        }
    }

    /// Moves a process into it.
    ///
    /// For ordinary users, who cannot do so themselves: the kernel lets a process go only as far as the caller may change
    /// all that it leaves. See cgroups(7), "Delegation containment".
    func add(_ process: Int32) throws(CgroupError) {
        try ask { (systemd) throws(SystemdError) in
            _ = try systemd.call("AttachProcessesToUnit", "ssau") { writer in
                writer.write(name)
                writer.write("")  // into none of the cgroups below it
                writer.write(.list32([UInt32(process)]))
            }
        }
    }

    /// Tells systemd of new limits, which it would put back to the old ones when it reads its files again.
    func update(_ resources: Resources) throws(CgroupError) {
        let limits = try resources.unitProperties
        guard !limits.isEmpty else { return }
        try ask { (systemd) throws(SystemdError) in
            _ = try systemd.call("SetUnitProperties", "sba(sv)") { writer in
                writer.write(name)
                writer.write(.boolean(true))  // until the next start of the machine
                writer.write(limits)
            }
        }
    }

    /// Ends it with what is still in it. One that has ended by itself is no error.
    func stop() throws(CgroupError) {
        try ask { (systemd) throws(SystemdError) in
            do throws(SystemdError) {
                try systemd.perform("StopUnit", "ss") { writer in
                    writer.write(name)
                    writer.write("replace")
                }
            } catch .refused("org.freedesktop.systemd1.NoSuchUnit", _) {
                return
            }
        }
    }

    private func ask<Value>(
        _ body: (SystemdConnection) throws(SystemdError) -> Value
    ) throws(CgroupError) -> Value {
        do {
            return try body(try SystemdConnection())
        } catch {
            throw .systemd(unit: name, "\(error)")
        }
    }
}
