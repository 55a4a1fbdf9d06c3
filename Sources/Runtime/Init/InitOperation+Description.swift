internal import Linux

extension InitOperation: CustomStringConvertible {
    /// The step in words, for `--dry-run` and for the sentence that says what failed.
    var description: String {
        switch self {
        case .trace: "init stage runs"
        case .enterCgroup(let tasks): "enter cgroup \(tasks)"
        case .setOOMScoreAdjustment(let score): "set oom_score_adj \(score)"
        case .joinNamespaces(_, let kinds): "join \(kinds) namespace"
        case .unshare(let kinds): "unshare \(kinds) namespace"
        case .synchronize(.cgroup): "wait for the cgroup"
        case .synchronize(.mappings): "wait for the identity mappings"
        case .synchronize(.hooks): "wait for the hooks"
        case .synchronize(.ready): "report ready"
        case .becomeNamespaceRoot: "become root of the user namespace"
        case .removeTree(let path): "remove \(path)"
        case .setTimeOffsets(let text): "set time offsets \(text.split(separator: "\n").joined(separator: ", "))"
        case .fork: "fork"
        case .leaveInitBehind: "fork, and be an init"
        case .raiseLoopback: "bring up lo"
        case .setPropagation(let spread): "make mounts \(spread.propagation)"
        case .makeParentPrivate(let path): "make private the mount of \(path)"
        case .openRoot(let path, _, _): "open root \(path)"
        case .openOverlayRoot(let lower, .temporary, _, _): "open root \(lower), changes in memory"
        case .openOverlayRoot(let lower, .directory(let upper, _), _, _): "open root \(lower), changes in \(upper)"
        case .mount(let mount, _): Self.describe(mount)
        case .mountCgroups(_, let target, let change): "mount cgroups on \(target)\(Self.list(change.set, ""))"
        case .populateDevices: "populate /dev"
        case .setSystemControls(let settings):
            "set \(settings.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))"
        case .maskPath(let path): "mask \(path)"
        case .makeReadOnly(let path): "make read-only \(path)"
        case .makeMountReadOnly(let path): "make read-only \(path)"
        case .setHostname(let name): "set hostname \(name)"
        case .setDomainName(let name): "set domainname \(name)"
        case .joinSessionKeyring(let name): "join session keyring \(name)"
        case .runHooks(_, let name): "run hooks \(name)"
        case .pivotRoot: "pivot root"
        case .moveRoot: "move root"
        case .setRootPropagation(let spread): "make / \(spread.propagation)"
        case .startSession: "start session"
        case .openTerminal(let size, _): "open terminal \(size.columns)x\(size.rows)"
        case .enterDirectory(let path): "enter directory \(path)"
        case .setFileModeMask(let mask): "set umask 0\(String(mask, radix: 8))"
        case .setPersonality(let domain): "set personality 0x\(String(domain, radix: 16))"
        case .setScheduling: "set scheduling"
        case .setIOPriority: "set io priority"
        case .setLimit(let limit): "set \(limit.kind.name) \(limit.soft):\(limit.hard)"
        case .setSecurityLabel(_, let label): "set security label \(label)"
        case .limitBoundingSet(let set): "limit bounding set to \(set)"
        case .assume(let identity): "become \(identity.user):\(identity.group)\(Self.groups(identity))"
        case .setCapabilities(let sets): "set capabilities \(sets.permitted)"
        case .setNoNewPrivileges: "set no_new_privs"
        case .dieWithParent: "die with parent"
        case .announce: "announce"
        case .findCommand(let arguments, _): "find \(arguments.first ?? "")"
        case .awaitStart: "wait for the start"
        case .prepareExecution: "prepare execution"
        case .installSeccomp(let filter, _):
            "install seccomp filter (\(filter.count / BPFInstruction.size) instructions)"
        case .execute(let arguments, _): "execute [\(arguments.joined(separator: " "))]"
        }
    }

    private static func describe(_ mount: MountSpec) -> String {
        let flags = mount.change.set.union(mount.changeBelow.set)
        switch mount.source {
        case .fileSystem(let type, let options, _):
            return "mount \(type) on \(mount.destination)\(list(flags, options))"
        case .bind(let source, _): return "bind \(source) on \(mount.destination)\(list(flags, ""))"
        case .cgroups: return "mount cgroups on \(mount.destination)\(list(flags, ""))"
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
