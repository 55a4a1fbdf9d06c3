internal import Linux

/// Whom containers are made by.
public enum Privileges: Hashable, Sendable {
    case root
    /// Somebody who is root only in a user namespace of its own, which has these mappings.
    case ordinary(IdentityMappings)

    /// Those of the calling process.
    public static var current: Privileges {
        let user = effectiveUserID
        guard user != 0 else { return .root }
        let helpers = ["/usr/bin/newuidmap", "/usr/bin/newgidmap"]
        let hasHelpers = helpers.allSatisfy { (try? checkExecutable($0)) != nil }
        let name = AccountName.of(user, passwd: (try? readText("/etc/passwd")) ?? "")
        func ranges(_ path: String) -> [SubordinateRange] {
            hasHelpers ? SubordinateRange.list((try? readText(path)) ?? "", of: user, named: name) : []
        }
        return .ordinary(
            IdentityMappings(
                user: user, group: effectiveGroupID, users: ranges("/etc/subuid"), groups: ranges("/etc/subgid")))
    }
}

extension IdentityMappings {
    /// The caller is root inside, and has the subordinate users and groups from 1 on. Without both of these it is alone.
    init(user: UInt32, group: UInt32, users: [SubordinateRange], groups: [SubordinateRange]) {
        let isAlone = users.isEmpty || groups.isEmpty
        self.init(
            users: Self.ranges(root: user, isAlone ? [] : users),
            groups: Self.ranges(root: group, isAlone ? [] : groups))
    }

    private static func ranges(root: UInt32, _ subordinate: [SubordinateRange]) -> [Range] {
        var ranges = [Range(inside: 0, outside: root, count: 1)]
        var next: UInt32 = 1
        for range in subordinate {
            let (end, isTooMuch) = next.addingReportingOverflow(range.count)
            if isTooMuch { break }
            ranges.append(Range(inside: next, outside: range.first, count: range.count))
            next = end
        }
        return ranges
    }
}

extension [IdentityMappings.Range] {
    /// Whether number `inside` is somebody's.
    func contains(_ inside: UInt32) -> Bool {
        contains { $0.inside <= inside && inside - $0.inside < $0.count }
    }
}

/// A line of subuid(5) or subgid(5).
struct SubordinateRange: Hashable, Sendable {
    let first: UInt32
    let count: UInt32

    /// The ranges in `text` that are the user's, by name or number. Lines that are none are passed over.
    static func list(_ text: String, of user: UInt32, named name: String?) -> [SubordinateRange] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0] == name.map({ $0[...] }) || fields[0] == String(user),
                let first = UInt32(fields[1]), let count = UInt32(fields[2]), count > 0
            else { return nil }
            return SubordinateRange(first: first, count: count)
        }
    }
}

/// What a user of the host is called. See passwd(5).
enum AccountName {
    static func of(_ user: UInt32, passwd: String) -> String? {
        for line in passwd.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, UInt32(fields[2]) == user { return String(fields[0]) }
        }
        return nil
    }
}
