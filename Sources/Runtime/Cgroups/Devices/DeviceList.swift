/// What the devices hierarchy of version 1 keeps: a default, and exceptions from it.
///
/// It cannot keep an exception from an exception: where one device of many allowed ones is denied, or the other way
/// round, version 2's filter can tell them apart and this list cannot. See devices in the kernel's documentation of
/// cgroup-v1.
struct DeviceList: Hashable, Sendable {
    /// Devices that are not as the default has it.
    struct Exception: Hashable, Sendable {
        var kind: DeviceRule.Kind
        var major: UInt32?
        var minor: UInt32?
        var access: DeviceRule.Access
    }

    private(set) var allows = false
    private(set) var exceptions: [Exception] = []
    private let isEmpty: Bool

    /// Applies `rules` in their order to a list that allows nothing.
    ///
    /// - Throws: `CgroupError.setting` for what no such list can say.
    init(_ rules: [DeviceRule]) throws(CgroupError) {
        isEmpty = rules.isEmpty
        for rule in rules { try apply(rule) }
    }

    private mutating func apply(_ rule: DeviceRule) throws(CgroupError) {
        let kinds: [DeviceRule.Kind] = rule.kind == .all ? [.block, .character] : [rule.kind]
        if rule.kind == .all, rule.major == nil, rule.minor == nil, rule.access == .all {
            allows = rule.allow
            exceptions = []
            return
        }
        for kind in kinds {
            let exception = Exception(kind: kind, major: rule.major, minor: rule.minor, access: rule.access)
            if rule.allow == allows { try remove(exception) } else { add(exception) }
        }
    }

    private mutating func add(_ new: Exception) {
        for index in exceptions.indices where exceptions[index].hasSameDevices(as: new) {
            exceptions[index].access.formUnion(new.access)
            return
        }
        exceptions.append(new)
    }

    private mutating func remove(_ old: Exception) throws(CgroupError) {
        var left: [Exception] = []
        for var exception in exceptions {
            if old.covers(exception) {
                exception.access.subtract(old.access)
            } else if exception.overlaps(old) {
                throw .setting(
                    "devices",
                    "\(old) cannot be \(allows ? "allowed" : "denied") after \(exception) was"
                        + " \(allows ? "denied" : "allowed"): version 1 of cgroups has no exceptions from exceptions")
            }
            if !exception.access.isEmpty { left.append(exception) }
        }
        exceptions = left
    }

    /// What makes the list of a cgroup this one, whatever it was.
    var writes: [CgroupWrite] {
        guard !isEmpty else { return [] }
        var writes = [CgroupWrite(allows ? "devices.allow" : "devices.deny", "a")]
        for exception in exceptions {
            writes.append(CgroupWrite(allows ? "devices.deny" : "devices.allow", "\(exception)"))
        }
        return writes
    }

    /// What makes this list of `current`, the content of `devices.list`, taking nothing away in between that is in both:
    /// a container that runs would notice.
    func writes(from current: String) -> [CgroupWrite] {
        let lines = Set(current.split(separator: "\n").map(String.init))
        guard !allows, !isEmpty, !lines.contains("a *:* rwm") else { return writes }
        let wanted = exceptions.map { "\($0)" }
        return lines.subtracting(wanted).sorted().map { CgroupWrite("devices.deny", $0) }
            + wanted.filter { !lines.contains($0) }.map { CgroupWrite("devices.allow", $0) }
    }
}

extension DeviceList.Exception: CustomStringConvertible {
    /// As the kernel reads it, e.g. `c 1:3 rwm`.
    var description: String {
        let type = kind == .block ? "b" : "c"
        return "\(type) \(major.map { String($0) } ?? "*"):\(minor.map { String($0) } ?? "*") \(access)"
    }
}

extension DeviceList.Exception {
    fileprivate func hasSameDevices(as other: Self) -> Bool {
        kind == other.kind && major == other.major && minor == other.minor
    }

    /// Whether every device of `other` is one of these.
    fileprivate func covers(_ other: Self) -> Bool {
        kind == other.kind && (major == nil || major == other.major) && (minor == nil || minor == other.minor)
    }

    /// Whether some access to some device is one of both.
    fileprivate func overlaps(_ other: Self) -> Bool {
        kind == other.kind && (major == nil || other.major == nil || major == other.major)
            && (minor == nil || other.minor == nil || minor == other.minor) && !access.isDisjoint(with: other.access)
    }
}
