/// A cgroup to be made: which directories, which limits, and how a process gets in. Pure; `Cgroup` carries it out.
public struct CgroupPlan: Hashable, Sendable {
    /// In which hierarchies a container is a member.
    public enum Membership: Hashable, Sendable {
        /// Only where it is limited: every directory costs time at each start.
        case whereLimited
        /// Also where it can be found again.
        case tracked
        /// In every one there is, as engines expect: they read their statistics from whatever `/proc/PID/cgroup` says.
        case everywhere
    }

    /// The cgroup in one hierarchy.
    public struct Member: Hashable, Sendable {
        public let place: CgroupPlace
        /// What is limited or, in a version 1 hierarchy, attached there. In the unified hierarchy these are enabled on the
        /// way down.
        public let controllers: [CgroupController]
        /// What is enabled too, where the kernel lets it: for the statistics.
        public let welcome: [CgroupController]
        public let writes: [CgroupWrite]
        /// The rules of a device program, in the unified hierarchy only. Empty for no program.
        public let devices: [DeviceRule]

        init(
            _ place: CgroupPlace, _ controllers: [CgroupController], welcome: [CgroupController] = [],
            writes: [CgroupWrite] = [], devices: [DeviceRule] = []
        ) {
            self.place = place
            self.controllers = controllers
            self.welcome = welcome
            self.writes = writes
            self.devices = devices
        }

        public var directory: String { place.directory }
    }

    /// Version 1 first, the unified hierarchy last.
    public let members: [Member]
    /// Below the mount of each hierarchy.
    public let path: String
    public let membership: Membership

    /// No cgroup: the caller's are the container's.
    public static let none = CgroupPlan(members: [], path: "", membership: .whereLimited)

    private init(members: [Member], path: String, membership: Membership) {
        self.members = members
        self.path = path
        self.membership = membership
    }

    /// Plans the cgroup `path` (relative, e.g. `gocker-web` or `gocker-shop/web-1.0`) with `resources` on `layout`.
    ///
    /// - Throws: `CgroupError.missingController` where a limit cannot be enforced here, `.setting` where a value means
    ///   nothing here.
    public init(
        path: String, resources: Resources, layout: CgroupLayout, tracked: Bool = false
    ) throws(CgroupError) {
        try self.init(path: path, resources: resources, layout: layout, membership: tracked ? .tracked : .whereLimited)
    }

    /// The same with the membership that is wanted.
    public init(
        path: String, resources: Resources, layout: CgroupLayout, membership: Membership
    ) throws(CgroupError) {
        self.path = path
        self.membership = membership
        var members: [Member] = []
        var unified = UnifiedPart()
        for controller in CgroupController.allCases {
            let isMentioned = controller.isMentioned(in: resources)
            guard isMentioned || controller.isMember(of: membership) else { continue }
            if let mount = layout.hierarchy(of: controller) {
                let writes = isMentioned ? try controller.writes(resources, .one) : []
                guard !writes.isEmpty || controller.isMember(of: membership) else { continue }
                Self.add(controller, writes, at: CgroupPlace(mount: mount, path: path, isUnified: false), to: &members)
            } else if isMentioned {
                try unified.add(controller, resources, layout.unified)
            }
        }
        if membership == .everywhere {
            for mount in layout.named {
                members.append(Member(CgroupPlace(mount: mount, path: path, isUnified: false), []))
            }
        }
        if !resources.unified.isEmpty { try unified.add(resources.unified, layout.unified) }
        if let hierarchy = layout.unified, !unified.isEmpty || membership != .whereLimited {
            members.append(
                Member(
                    CgroupPlace(mount: hierarchy.path, path: path, isUnified: true), unified.controllers,
                    welcome: membership == .everywhere ? hierarchy.controllers : [], writes: unified.writes,
                    devices: unified.devices))
        }
        self.members = members
    }

    /// A hierarchy of two controllers is one member.
    private static func add(
        _ controller: CgroupController, _ writes: [CgroupWrite], at place: CgroupPlace, to members: inout [Member]
    ) {
        for index in members.indices where members[index].place.mount == place.mount {
            let present = members[index]
            members[index] = Member(
                place, present.controllers + [controller], writes: present.writes + writes)
            return
        }
        members.append(Member(place, [controller], writes: writes))
    }
}

extension CgroupController {
    /// Whether a container is in this controller's version 1 hierarchy without being limited there.
    fileprivate func isMember(of membership: CgroupPlan.Membership) -> Bool {
        switch membership {
        case .whereLimited: false
        case .tracked: self == .pids
        case .everywhere: true
        }
    }
}

/// What falls to the unified hierarchy.
private struct UnifiedPart {
    var controllers: [CgroupController] = []
    var writes: [CgroupWrite] = []
    var devices: [DeviceRule] = []

    var isEmpty: Bool { controllers.isEmpty && writes.isEmpty && devices.isEmpty }

    mutating func add(
        _ controller: CgroupController, _ resources: Resources, _ hierarchy: CgroupLayout.Unified?
    ) throws(CgroupError) {
        // A program does the work of this one: it is on no list of controllers.
        if controller == .devices, hierarchy != nil {
            devices = resources.devices
            return
        }
        guard let hierarchy, hierarchy.controllers.contains(controller) else {
            // Zeros limit nothing, and need nobody who enforces them.
            if try controller.writes(resources, .one).isEmpty { return }
            throw .missingController(controller)
        }
        let new = try controller.writes(resources, .two)
        guard !new.isEmpty else { return }
        controllers.append(controller)
        writes += new
    }

    /// The entries of `unified`, last and as they are.
    mutating func add(
        _ entries: [Resources.UnifiedEntry], _ hierarchy: CgroupLayout.Unified?
    ) throws(CgroupError) {
        guard let hierarchy else {
            throw .setting("unified", "this machine has no version 2 of cgroups, which these files are of")
        }
        for entry in entries {
            guard Resources.UnifiedEntry.isFileName(entry.key) else {
                throw .setting("unified", "\"\(entry.key)\" is not the name of a control file")
            }
            let prefix = entry.key.prefix { $0 != "." }
            if let controller = CgroupController(unifiedName: prefix), !controllers.contains(controller) {
                guard hierarchy.controllers.contains(controller) else {
                    throw .setting(
                        "unified.\(entry.key)", "there is no \(prefix) controller in version 2 on this machine")
                }
                controllers.append(controller)
            }
            writes.append(CgroupWrite(entry.key, entry.value))
        }
    }
}
