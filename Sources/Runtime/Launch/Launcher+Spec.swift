internal import Linux

/// A mount, attached nowhere yet, for every bind of this source.
public struct PreparedBind: Sendable {
    /// A path, at which it can be found out whether it is a directory.
    public let source: String
    public let descriptor: CInt

    public init(source: String, descriptor: CInt) {
        self.source = source
        self.descriptor = descriptor
    }
}

extension Launcher {
    /// Begins to start the container of `spec`, in the namespaces of others that it names, too.
    ///
    /// - Parameters:
    ///   - filter: what `SeccompCache` makes of the spec's profile.
    ///   - prepared: mounts for binds of the spec that are made already.
    ///   - streams: become its 0, 1 and 2.
    /// - Throws: as `start`; `.setup` also where a namespace to join is not there any more.
    public static func start(
        _ spec: ContainerSpec, filter: SeccompFilter?, context: InitProgram.Context, cgroup: Cgroup,
        prepared: [PreparedBind] = [], streams: [CInt]
    ) throws(RuntimeError) -> Container {
        var inheritance = Inheritance(streams: streams)
        var context = context
        let namespaces: OpenNamespaces
        do {
            namespaces = try OpenNamespaces(spec.linux.joinedNamespaces)
        } catch {
            throw .setup(error)
        }
        for namespace in namespaces.descriptors {
            context.joined.append(.init(descriptor: inheritance.add(namespace.number), kinds: namespace.kinds))
        }
        for (index, mount) in spec.mounts.enumerated() {
            guard case .bind(let source, _) = mount.source, let bind = prepared.first(where: { $0.source == source })
            else { continue }
            context.preparedMounts.append(.init(index: index, descriptor: inheritance.add(bind.descriptor)))
        }
        defer { withExtendedLifetime(namespaces) {} }
        return try start(
            InitProgram(spec, filter: filter, context: context), cgroup: cgroup, inheritance: inheritance,
            mappings: spec.linux.identityMappings)
    }
}
