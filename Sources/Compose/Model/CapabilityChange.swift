public import Linux

/// How the capabilities of a container differ from the usual ones.
public struct CapabilityChange: Hashable, Sendable {
    private var added: [Capability] = []
    private var dropped: [Capability] = []
    private var addsAll = false
    private var dropsAll = false

    public init() {}

    /// Takes note of one more to have: named as in capabilities(7), with or without `CAP_` and in any case; `ALL` for
    /// all.
    ///
    /// - Returns: false where there is none of that name.
    public mutating func add(_ name: String) -> Bool {
        if Self.isAll(name) {
            addsAll = true
            return true
        }
        guard let capability = Capability(name: name) else { return false }
        added.append(capability)
        return true
    }

    /// Takes note of one to do without; likewise.
    public mutating func drop(_ name: String) -> Bool {
        if Self.isAll(name) {
            dropsAll = true
            return true
        }
        guard let capability = Capability(name: name) else { return false }
        dropped.append(capability)
        return true
    }

    /// What is left of `usual` and comes to it. `ALL` comes first, so that single ones change it, as with Docker; what is
    /// added and dropped is dropped.
    ///
    /// - Parameter available: all that can be given.
    public func applied(to usual: CapabilitySet, available: CapabilitySet) -> CapabilitySet {
        var mask = dropsAll ? 0 : usual.mask
        if addsAll { mask = available.mask }
        mask |= CapabilitySet(added).mask
        mask &= ~CapabilitySet(dropped).mask
        return CapabilitySet(mask: mask)
    }

    /// Those asked for by name that cannot be had.
    public func missing(from available: CapabilitySet) -> [Capability] {
        added.filter { !dropped.contains($0) && !available.contains($0) }
    }

    private static func isAll(_ name: String) -> Bool { ["ALL", "CAP_ALL"].contains(name.uppercased()) }
}
