public import JSON
public import Linux

/// What is kept of a container between commands, beside its `config.json`.
public struct ContainerRecord: Hashable, Sendable {
    public var name: ContainerName
    /// Nil until there is one.
    public var process: ProcessIdentity?
    /// The directory it was made of; absolute.
    public var bundle: String
    /// Its root file system; absolute.
    public var rootfs: String
    public var created: WallTime
    /// The number of the user who made it.
    public var owner: UInt32
    public var annotations: [ContainerSpec.Annotation]
    public var cgroup: Cgroup
    /// Whose cgroup it is, where systemd made it.
    public var scope: SystemdScope?
}

extension ContainerRecord {
    /// The container's processes, as the caller numbers them.
    public func processes() -> [Int32] {
        guard cgroup.places.isEmpty, let first = process, first.isRunning else { return cgroup.processes() }
        // Without a cgroup: those in the same PID namespace.
        func namespace(_ process: Int32) -> String? { try? readSymbolicLink("/proc/\(process)/ns/pid") }
        guard let own = namespace(first.processID) else { return [first.processID] }
        let numbers = ((try? directoryEntries("/proc")) ?? []).compactMap { Int32($0) }
        return numbers.filter { namespace($0) == own }.sorted()
    }

    var json: JSONValue {
        .object([
            ("id", .string("\(name)")),
            ("pid", .integer(Int64(process?.processID ?? 0))),
            ("startTime", .unsigned(process?.startTime ?? 0)),
            ("bundle", .string(bundle)),
            ("rootfs", .string(rootfs)),
            ("created", .string("\(created)")),
            ("owner", .integer(Int64(owner))),
            ("annotations", .object(annotations.map { ($0.key, .string($0.value)) })),
            ("cgroups", .array(cgroup.places.map { [.string($0.mount), .string($0.path)] })),
            ("scope", .string(scope?.name ?? "")),
        ])
    }

    init(_ object: SpecObject) throws(SpecError) {
        guard let name = ContainerName(try object.requiredText("id")),
            let created = WallTime(try object.requiredText("created"))
        else { throw object.failure("id", "is damaged") }
        let number: Int32 = try object.integer("pid") ?? 0
        var places: [CgroupPlace] = []
        if case .array(let pairs)? = object.value["cgroups"] {
            for case .array(let pair) in pairs {
                guard pair.count == 2, case .string(let mount) = pair[0], case .string(let path) = pair[1],
                    let place = try? CgroupPlace(mount: mount, path: path)
                else { continue }
                places.append(place)
            }
        }
        self.init(
            name: name,
            process: number == 0
                ? nil : ProcessIdentity(processID: number, startTime: try object.integer("startTime") ?? 0),
            bundle: try object.requiredText("bundle"), rootfs: try object.requiredText("rootfs"), created: created,
            owner: try object.integer("owner") ?? 0,
            annotations: try object.textEntries("annotations").map { ContainerSpec.Annotation($0.key, $0.value) },
            cgroup: Cgroup(existing: places), scope: try object.text("scope").flatMap { SystemdScope(existing: $0) })
    }

    /// The specification's `state`, which hooks read and `state` prints.
    public func state(_ status: ContainerStatus) -> JSONValue {
        .object([
            ("ociVersion", .string(SpecVersion.current)),
            ("id", .string("\(name)")),
            ("pid", .integer(status == .stopped ? 0 : Int64(process?.processID ?? 0))),
            ("status", .string(status.rawValue)),
            ("bundle", .string(bundle)),
            ("rootfs", .string(rootfs)),
            ("created", .string("\(created)")),
            ("owner", .string(owner == 0 ? "root" : String(owner))),
            ("annotations", .object(annotations.map { ($0.key, .string($0.value)) })),
        ])
    }

    /// The same as bytes, for hooks.
    func stateDocument(_ status: ContainerStatus) -> [UInt8] { Array(JSONWriter.compact(state(status)).utf8) }
}
