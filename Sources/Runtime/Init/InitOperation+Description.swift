internal import Linux

extension InitOperation: CustomStringConvertible {
    /// The step in words, for `--dry-run` and for the sentence that says what failed.
    var description: String {
        switch self {
        case .enterCgroup(let tasks): "enter cgroup \(tasks)"
        case .unshareCgroupNamespace: "unshare cgroup namespace"
        case .dieWithParent: "die with parent"
        case .raiseLoopback: "bring up lo"
        case .makeMountsPrivate: "make mounts private"
        case .openRoot(let path): "open root \(path)"
        case .openOverlayRoot(let lower, .temporary): "open root \(lower), changes in memory"
        case .openOverlayRoot(let lower, .directory(let upper, _)): "open root \(lower), changes in \(upper)"
        case .mount(let type, let target, let flags, let options):
            "mount \(type) on \(target)\(Self.list(flags, options))"
        case .bind(let source, let target, let flags): "bind \(source) on \(target)\(Self.list(flags, ""))"
        case .populateDevices: "populate /dev"
        case .maskPath(let path): "mask \(path)"
        case .makeReadOnly(let path): "make read-only \(path)"
        case .makeRootReadOnly: "make read-only /"
        case .setHostname(let name): "set hostname \(name)"
        case .pivotRoot: "pivot root"
        case .moveRoot: "move root"
        case .startSession: "start session"
        case .openTerminal(let size, _): "open terminal \(size.columns)x\(size.rows)"
        case .enterDirectory(let path): "enter directory \(path)"
        case .setFileModeMask(let mask): "set umask 0\(String(mask, radix: 8))"
        case .limitBoundingSet(let set): "limit bounding set to \(set)"
        case .assume(let identity): "become \(identity.user):\(identity.group)\(Self.groups(identity))"
        case .setCapabilities(let set): "set capabilities \(set)"
        case .setNoNewPrivileges: "set no_new_privs"
        case .announce: "announce"
        case .prepareExecution: "prepare execution"
        case .installSeccomp(let filter, _):
            "install seccomp filter (\(filter.count / BPFInstruction.size) instructions)"
        case .execute(let arguments, _): "execute [\(arguments.joined(separator: " "))]"
        }
    }

    private static func list(_ flags: MountFlags, _ options: String) -> String {
        let names: [(MountFlags, String)] = [
            (.readOnly, "ro"), (.noSetUserID, "nosuid"), (.noDevices, "nodev"), (.noExecution, "noexec"),
            (.strictAccessTime, "strictatime"),
        ]
        var words = names.filter { flags.contains($0.0) }.map(\.1)
        if !options.isEmpty { words.append(options) }
        return words.isEmpty ? "" : " (\(words.joined(separator: ",")))"
    }

    private static func groups(_ identity: Identity) -> String {
        identity.supplementaryGroups.isEmpty
            ? "" : ", groups \(identity.supplementaryGroups.map(String.init).joined(separator: ","))"
    }
}
