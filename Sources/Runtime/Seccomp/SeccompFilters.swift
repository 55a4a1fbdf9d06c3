/// The filters that one process needs again and again, in memory: a supervisor makes hundreds of containers with the same
/// profile.
public final class SeccompFilters {
    private let cache: SeccompCache
    /// The last ones, the newest at the end.
    private var known: [(spec: SeccompSpec, filter: SeccompFilter)] = []
    /// As many different profiles hardly any stack has.
    private static let most = 8

    public init(_ cache: SeccompCache) {
        self.cache = cache
    }

    /// The filter for a profile; nil for none.
    public func filter(for spec: SeccompSpec?) throws(RuntimeError) -> SeccompFilter? {
        guard let spec else { return nil }
        if let found = known.last(where: { $0.spec == spec }) { return found.filter }
        guard let filter = try cache.filter(for: spec) else { return nil }
        if known.count == Self.most { known.removeFirst() }
        known.append((spec, filter))
        return filter
    }
}
