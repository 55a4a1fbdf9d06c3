internal import Linux

extension MountSpec {
    init(_ object: SpecObject, bundle: String) throws(SpecError) {
        let destination = try object.requiredText("destination")
        guard !destination.isEmpty else { throw object.failure("destination", "expected a path") }
        let type = try object.text("type") ?? ""
        let options = MountOptions(try object.texts("options"))
        let source = try Self.source(object, type, options, bundle)
        // From runtimes of old: a path that does not begin at the root begins there all the same.
        self.init(
            source, at: destination.hasPrefix("/") ? destination : "/\(destination)", change: options.change)
        changeBelow = options.changeBelow
        spread = options.spread
        copiesUp = options.copiesUp
        mappings = try Self.mappings(object, options)
    }

    private static func source(
        _ object: SpecObject, _ type: String, _ options: MountOptions, _ bundle: String
    ) throws(SpecError) -> Source {
        let source = try object.text("source")
        if type == "bind" || options.isBind {
            guard let source, !source.isEmpty else {
                throw object.failure("source", "expected the path of what to bind")
            }
            return .bind(source.hasPrefix("/") ? source : "\(bundle)/\(source)", recursive: options.isRecursiveBind)
        }
        switch type {
        case "": throw object.failure("type", "expected the type of a file system, or a bind among the options")
        case "cgroup", "cgroup2": return .cgroups
        default: return .fileSystem(type, options: options.data, device: source)
        }
    }

    private static func mappings(
        _ object: SpecObject, _ options: MountOptions
    ) throws(SpecError) -> IdentityMappings? {
        let mappings = try IdentityMappings(object)
        guard !mappings.users.isEmpty || !mappings.groups.isEmpty else {
            guard options.mapsIdentities else { return nil }
            throw object.failure("options", "idmap needs uidMappings and gidMappings beside it")
        }
        guard !mappings.users.isEmpty, !mappings.groups.isEmpty else {
            throw object.failure("uidMappings", "are wanted together with gidMappings")
        }
        return mappings
    }
}

extension IdentityMappings {
    /// From `uidMappings` and `gidMappings`.
    init(_ object: SpecObject) throws(SpecError) {
        self.init(users: try Self.ranges(object, "uidMappings"), groups: try Self.ranges(object, "gidMappings"))
    }

    private static func ranges(_ object: SpecObject, _ key: String) throws(SpecError) -> [Range] {
        try object.list(key).map { (range) throws(SpecError) in
            guard let inside = try range.integer("containerID", as: UInt32.self),
                let outside = try range.integer("hostID", as: UInt32.self),
                let count = try range.integer("size", as: UInt32.self)
            else { throw range.failure("containerID", "expected containerID, hostID and size") }
            return Range(inside: inside, outside: outside, count: count)
        }
    }
}

extension MountSpec.Source {
    /// Gives what is in a new file system the label of SELinux that its policy lets the container use.
    ///
    /// The policy itself has labels for the kernel's own; the one of message queues is there before it is mounted, with
    /// its IPC namespace.
    mutating func label(_ label: String) {
        guard case .fileSystem(let type, let options, let device) = self, !["proc", "sysfs", "mqueue"].contains(type)
        else { return }
        let context = "context=\"\(label)\""
        self = .fileSystem(type, options: options.isEmpty ? context : "\(options),\(context)", device: device)
    }
}
