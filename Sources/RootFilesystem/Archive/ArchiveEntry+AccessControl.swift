internal import CArchive
internal import Linux

extension ArchiveEntry {
    /// The POSIX access control lists of an entry as the extended attributes that Linux keeps them in. See acl(5).
    static func accessControlLists(
        of entry: OpaquePointer
    ) throws(RootFilesystemError.EntryProblem) -> [FileMetadata.Attribute] {
        var attributes: [FileMetadata.Attribute] = []
        let lists = [
            (ARCHIVE_ENTRY_ACL_TYPE_ACCESS, "system.posix_acl_access"),
            (ARCHIVE_ENTRY_ACL_TYPE_DEFAULT, "system.posix_acl_default"),
        ]
        for (type, name) in lists where archive_entry_acl_types(entry) & type != 0 {
            let value = encode(try rules(of: entry, type))
            attributes.append(FileMetadata.Attribute(name: PathBytes(name), value: value))
        }
        return attributes
    }

    /// One line of a list.
    private struct Rule {
        let tag: UInt16
        let permissions: UInt16
        let subject: UInt32
    }

    private static func rules(
        of entry: OpaquePointer, _ type: CInt
    ) throws(RootFilesystemError.EntryProblem) -> [Rule] {
        // The kernel's tags, which also give the order that it insists on.
        let tags: [CInt: UInt16] = [
            ARCHIVE_ENTRY_ACL_USER_OBJ: 0x01, ARCHIVE_ENTRY_ACL_USER: 0x02, ARCHIVE_ENTRY_ACL_GROUP_OBJ: 0x04,
            ARCHIVE_ENTRY_ACL_GROUP: 0x08, ARCHIVE_ENTRY_ACL_MASK: 0x10, ARCHIVE_ENTRY_ACL_OTHER: 0x20,
        ]
        var rules: [Rule] = []
        archive_entry_acl_reset(entry, type)
        var (found, permissions, tag, subject): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        var name: UnsafePointer<CChar>?
        while archive_entry_acl_next(entry, type, &found, &permissions, &tag, &subject, &name) == ARCHIVE_OK {
            guard let kernelTag = tags[tag] else { continue }
            let isNamed = tag == ARCHIVE_ENTRY_ACL_USER || tag == ARCHIVE_ENTRY_ACL_GROUP
            // A name means somebody else in every root file system.
            guard !isNamed || subject >= 0 else { throw .namelessOwner("\(PathBytes(cString: name))") }
            rules.append(
                Rule(tag: kernelTag, permissions: UInt16(permissions & 7), subject: isNamed ? UInt32(subject) : .max))
        }
        return rules.sorted { ($0.tag, $0.subject) < ($1.tag, $1.subject) }
    }

    /// The kernel's format: version 2, then eight bytes for every rule, little-endian.
    private static func encode(_ rules: [Rule]) -> [UInt8] {
        func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
        return rules.reduce(into: bytes(UInt32(2))) { result, rule in
            result += bytes(rule.tag) + bytes(rule.permissions) + bytes(rule.subject)
        }
    }
}
