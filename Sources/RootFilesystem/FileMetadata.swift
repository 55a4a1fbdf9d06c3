internal import Linux

/// What an inode says about itself, apart from its type and content.
struct FileMetadata: Hashable, Sendable {
    struct Owner: Hashable, Sendable {
        let user: UInt32
        let group: UInt32

        static let root = Owner(user: 0, group: 0)
    }

    /// One extended attribute.
    struct Attribute: Hashable, Sendable {
        let name: PathBytes
        let value: [UInt8]
    }

    /// Nil leaves it to whoever makes the file.
    var owner: Owner?
    var mode: UInt32
    /// Nil leaves the time of the last change.
    var modified: FileTime?
    var attributes: [Attribute] = []

    /// Gives all of it to a name in `directory`.
    ///
    /// The order matters: a change of owner clears set-user-id bits and capabilities, a change of mode rewrites an access
    /// control list, and the time comes last.
    ///
    /// - Parameter isShared: whether somebody else may change the directory meanwhile.
    func apply(
        to name: PathBytes, in directory: borrowing FileDescriptor, isLink: Bool = false, isShared: Bool = false
    ) throws(SystemError) {
        if let owner { try directory.setOwner(of: name, owner.user, group: owner.group) }
        if isShared {
            try directory.setModeWithoutFollowing(of: name, mode)
        } else if !isLink {
            try directory.setMode(of: name, mode)
        }
        for attribute in attributes {
            try directory.setExtendedAttribute(of: name, attribute.name, attribute.value)
        }
        if let modified { try directory.setModificationTime(of: name, modified) }
    }
}
