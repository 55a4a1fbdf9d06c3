/// How much one load may read, whatever its files ask for: with symbolic links a file can include itself under names
/// without number, so that looking for circles is not enough.
struct LoadBudget: Sendable {
    /// Stacks that are included by others, in all.
    private var includes = 1_000

    /// How deep stacks include each other. Loading recurses as deep.
    private static let depth = 64

    /// Of all files, in bytes.
    var bytes = 256 << 20

    /// Of what the files have in them.
    var yaml = YAMLLimits()

    /// Whether it has been told that there is too much to include.
    var isSpent = false

    /// - Returns: false where one more stack would be too many, or too deep.
    mutating func takeInclude(depth: Int) -> Bool {
        guard !isSpent, includes > 0, depth < Self.depth else { return false }
        includes -= 1
        return true
    }
}
