public import Linux

/// The users and groups of a container, from the text of its `/etc/passwd` and `/etc/group`. See passwd(5), group(5).
///
/// The host's are of no use: the names mean something in the container only.
public struct UserDatabase: Sendable {
    private struct User {
        let name: Substring
        let number: UInt32
        let group: UInt32
        let home: Substring
    }

    private struct Group {
        let name: Substring
        let number: UInt32
        let members: [Substring]
    }

    private let users: [User]
    private let groups: [Group]

    public init(passwd: String, group: String) {
        users = passwd.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 6, let number = Self.number(fields[2]), let group = Self.number(fields[3]) else {
                return nil
            }
            return User(name: fields[0], number: number, group: group, home: fields[5])
        }
        groups = group.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let number = Self.number(fields[2]) else { return nil }
            return Group(name: fields[0], number: number, members: fields[3].split(separator: ","))
        }
    }

    /// The last number means "leave it" to setresuid(2): whoever had it would stay root.
    private static func number(_ text: Substring) -> UInt32? {
        UInt32(text).flatMap { $0 == .max ? nil : $0 }
    }

    /// A user as the container knows it.
    public struct Account: Hashable, Sendable {
        public internal(set) var identity: Identity
        /// The home directory; `/` for a number nobody has.
        public let home: String
    }

    /// Looks `specifier` up: a number need not exist, a name must.
    ///
    /// The supplementary groups are those that list the user as a member. A group named in the specifier replaces all of
    /// them, as with Docker.
    public func account(_ specifier: UserSpecifier) throws(UserLookupError) -> Account {
        let user: User?
        let number: UInt32
        switch specifier.user {
        case .number(let wanted):
            user = users.first { $0.number == wanted }
            number = wanted
        case .name(let name):
            guard let found = users.first(where: { $0.name == name }) else { throw .unknownUser(name) }
            user = found
            number = found.number
        }

        let home = user.map { String($0.home) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/"
        let group: UInt32
        switch specifier.group {
        case let reference?:
            group = try self.group(reference)
        case nil:
            group = user?.group ?? 0
            let supplementary = groups.filter { entry in
                entry.number != group && user.map { entry.members.contains($0.name) } == true
            }
            let identity = Identity(user: number, group: group, supplementaryGroups: supplementary.map(\.number))
            return Account(identity: identity, home: home)
        }
        return Account(identity: Identity(user: number, group: group), home: home)
    }
}

extension UserDatabase {
    /// The number of a group: one given as a number need not exist, a name must.
    public func group(_ reference: UserSpecifier.Reference) throws(UserLookupError) -> UInt32 {
        switch reference {
        case .number(let number): return number
        case .name(let name):
            guard let found = groups.first(where: { $0.name == name }) else { throw .unknownGroup(name) }
            return found.number
        }
    }
}

/// A user or group that the container does not have.
public enum UserLookupError: Error, Hashable, Sendable {
    case unknownUser(String)
    case unknownGroup(String)
    /// A number that is nobody's in the container's user namespace.
    case unmapped(UInt32)
}

extension UserLookupError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownUser(let name): "no user \"\(name)\" in the container's /etc/passwd"
        case .unmapped(let number):
            "nobody is number \(number) in the container: whom an ordinary user can be there is in /etc/subuid and "
                + "/etc/subgid, and takes newuidmap and newgidmap (Debian's package uidmap)"
        case .unknownGroup(let name): "no group \"\(name)\" in the container's /etc/group"
        }
    }
}
