public import Linux

/// Mount options as people write them: `ro,noexec,size=64m`. See mount(8) and, for those that begin with `r` and hold for
/// all mounts below, the runtime specification, "Linux mount options".
public struct MountOptions: Hashable, Sendable {
    public private(set) var change = MountSpec.Change()
    public private(set) var changeBelow = MountSpec.Change()
    public private(set) var spread: [MountSpec.Spread] = []
    public private(set) var isBind = false
    /// With all that is mounted below.
    public private(set) var isRecursiveBind = false
    public private(set) var copiesUp = false
    /// Whether the owners of files are mapped, on this mount or on all below it.
    public private(set) var mapsIdentities = false
    /// What is left for the file system itself.
    public private(set) var data = ""

    /// The flags set, for those who know of no others.
    public var flags: MountFlags { change.set }

    /// Reads `text`, starting from the flags in `defaults`; the last word on a flag counts.
    public init(_ text: String, defaults: MountFlags = []) {
        self.init(text.split(separator: ",").map(String.init), defaults: defaults)
    }

    public init(_ options: [String], defaults: MountFlags = []) {
        change.set = defaults
        var data: [String] = []
        for option in options where !apply(option) { data.append(option) }
        self.data = data.joined(separator: ",")
    }

    /// - Returns: whether it is an option of mounts rather than of a file system.
    private mutating func apply(_ option: String) -> Bool {
        if let flag = Self.flag(option) {
            change.note(flag)
        } else if option.hasPrefix("r"), let flag = Self.flag(String(option.dropFirst())), Self.isOfMounts(flag.flags) {
            changeBelow.note(flag)
        } else if let spread = MountSpec.Spread(option) {
            self.spread.append(spread)
        } else {
            switch option {
            case "bind": isBind = true
            case "rbind": (isBind, isRecursiveBind) = (true, true)
            case "tmpcopyup": copiesUp = true
            case "idmap", "ridmap": mapsIdentities = true
            case "defaults", "silent", "loud", "": break
            default: return false
            }
        }
        return true
    }

    private static func isOfMounts(_ flags: MountFlags) -> Bool {
        flags.isDisjoint(with: [.synchronous, .synchronousDirectories, .lazyTime])
    }

    private static func flag(_ option: String) -> (flags: MountFlags, isSet: Bool)? {
        switch option {
        case "ro": (.readOnly, true)
        case "rw": (.readOnly, false)
        case "nosuid": (.noSetUserID, true)
        case "suid": (.noSetUserID, false)
        case "nodev": (.noDevices, true)
        case "dev": (.noDevices, false)
        case "noexec": (.noExecution, true)
        case "exec": (.noExecution, false)
        case "noatime": (.noAccessTime, true)
        case "atime": (.noAccessTime, false)
        case "strictatime": (.strictAccessTime, true)
        case "nostrictatime": (.strictAccessTime, false)
        case "relatime": (.relativeAccessTime, true)
        case "norelatime": (.relativeAccessTime, false)
        case "nodiratime": (.noDirectoryAccessTime, true)
        case "diratime": (.noDirectoryAccessTime, false)
        case "nosymfollow": (.noSymbolicLinks, true)
        case "symfollow": (.noSymbolicLinks, false)
        case "sync": (.synchronous, true)
        case "async": (.synchronous, false)
        case "dirsync": (.synchronousDirectories, true)
        case "lazytime": (.lazyTime, true)
        case "nolazytime": (.lazyTime, false)
        // Flags of old that no kernel acts on any more.
        case "mand", "nomand", "iversion", "noiversion": ([], true)
        default: nil
        }
    }
}

extension MountSpec.Change {
    fileprivate mutating func note(_ flag: (flags: MountFlags, isSet: Bool)) {
        if flag.isSet {
            set.formUnion(flag.flags)
            cleared.subtract(flag.flags)
        } else {
            set.subtract(flag.flags)
            cleared.formUnion(flag.flags)
        }
    }
}

extension MountSpec.Spread {
    /// Reads `private`, `rslave` and their like.
    public init?(_ option: String) {
        switch option {
        case "private": self.init(.private, recursive: false)
        case "rprivate": self.init(.private, recursive: true)
        case "slave": self.init(.slave, recursive: false)
        case "rslave": self.init(.slave, recursive: true)
        case "shared": self.init(.shared, recursive: false)
        case "rshared": self.init(.shared, recursive: true)
        case "unbindable": self.init(.unbindable, recursive: false)
        case "runbindable": self.init(.unbindable, recursive: true)
        default: return nil
        }
    }
}
