/// How something is copied.
public struct CopyOptions: Sendable {
    /// Whom the copies belong to.
    public enum Ownership: Hashable, Sendable {
        /// Whom the originals belong to, with all the rights that they give to who executes them.
        case kept
        /// One user and group, whom the copies give no such rights.
        case given(user: UInt32, group: UInt32)
    }

    public var ownership: Ownership
    /// Whether a link that is named is followed. Those in a directory never are.
    public var followsLink = false
    /// Whether files that are one and the same are so in the copy, too, and all extended attributes are kept: for a copy
    /// that stands for the whole tree.
    public var isWhole = false
    /// Whether devices are left out.
    public var skipsDevices = false
    /// Told what is left out.
    public var warn: @Sendable (String) -> Void = { _ in }

    public init(ownership: Ownership) {
        self.ownership = ownership
    }
}
