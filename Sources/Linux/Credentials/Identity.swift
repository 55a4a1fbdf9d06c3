internal import CLinux

/// The user and groups a process runs as. See credentials(7).
public struct Identity: Hashable, Sendable {
    public var user: UInt32
    public var group: UInt32
    public var supplementaryGroups: [UInt32]

    public init(user: UInt32, group: UInt32, supplementaryGroups: [UInt32] = []) {
        self.user = user
        self.group = group
        self.supplementaryGroups = supplementaryGroups
    }

    public static let root = Identity(user: 0, group: 0)
}

/// Gives the calling process another identity, for good.
public func assume(_ identity: Identity) throws(SystemError) {
    do {
        try system("setgroups") { setgroups(identity.supplementaryGroups.count, identity.supplementaryGroups) }
    } catch  where error.errno == .operationNotPermitted && identity.supplementaryGroups.isEmpty {
        // In a user namespace that an ordinary user made nobody may. See user_namespaces(7), /proc/PID/setgroups.
        guard (try? readText("/proc/self/setgroups"))?.hasPrefix("deny") != false else { throw error }
    }
    try system("setresgid", "\(identity.group)") { setresgid(identity.group, identity.group, identity.group) }
    try system("setresuid", "\(identity.user)") { setresuid(identity.user, identity.user, identity.user) }
}

/// The effective user id of the calling process.
public var effectiveUserID: UInt32 { geteuid() }

/// The real user id of the calling process.
public var realUserID: UInt32 { getuid() }

/// The effective group id of the calling process.
public var effectiveGroupID: UInt32 { getegid() }
