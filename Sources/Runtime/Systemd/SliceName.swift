/// A slice of systemd's, e.g. `system.slice`. See systemd.slice(5).
struct SliceName: Hashable, Sendable {
    /// With its ending.
    let name: String

    /// The standard slice of a manager.
    static func standard(forRoot isRoot: Bool) -> SliceName {
        SliceName(unchecked: isRoot ? "system.slice" : "user.slice")
    }

    private init(unchecked name: String) {
        self.name = name
    }

    /// - Returns: nil where it is no name of a slice.
    init?(_ name: String) {
        guard name.hasSuffix(".slice") else { return nil }
        let stem = name.dropLast(".slice".count)
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        guard stem == "-" || parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(UnitName.isPlain) }) else {
            return nil
        }
        self.name = name
    }

    /// Its cgroup below the manager's: `a-b.slice` is below `a.slice`, and `-.slice` is the manager's own.
    var path: String {
        let stem = name.dropLast(".slice".count)
        guard stem != "-" else { return "" }
        var path: [String] = []
        var prefix = ""
        for part in stem.split(separator: "-") {
            prefix += prefix.isEmpty ? part : "-\(part)"
            path.append("\(prefix).slice")
        }
        return path.joined(separator: "/")
    }
}
