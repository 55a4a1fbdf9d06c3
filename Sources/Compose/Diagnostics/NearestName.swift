/// Finds what somebody meant to type.
public enum NearestName {
    private static let most = 1_000

    /// The candidate that is nearest to `name`, if one is near enough to be meant: a third of its letters may differ.
    ///
    /// Only so many are looked at: a stack may have more services than there is time for.
    public static func find(_ name: String, among candidates: some Sequence<String>) -> String? {
        let typed = Array(name.lowercased().unicodeScalars)
        let tolerance = max(1, typed.count / 3)
        guard !typed.isEmpty, typed.count <= 64 else { return nil }
        var best: (distance: Int, name: String)?
        for candidate in candidates.prefix(most) where candidate != name {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - typed.count) <= tolerance else { continue }
            let distance = distance(typed, letters)
            if distance <= tolerance, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.name
    }

    /// The number of letters to insert, remove, replace or swap with their neighbour to get from one to the other.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var twoBack: [Int] = []
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(previous[column + 1], current[column]) + 1
                cost = min(cost, previous[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    cost = min(cost, twoBack[column - 1] + 1)
                }
                current.append(cost)
            }
            (twoBack, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
