/// How much a stack file may ask for. YAML itself sets no limit: a file of one kilobyte can name a billion values.
struct YAMLLimits: Sendable {
    /// Of a file, in bytes.
    static let bytes = 16 << 20

    /// Of lists and mappings in each other. Everything that walks a document recurses this deep and no deeper.
    var depth = 256

    /// Of values that are repeated through aliases, in all files of a stack: each is walked by every phase.
    var aliasedValues = 1_000_000
}
