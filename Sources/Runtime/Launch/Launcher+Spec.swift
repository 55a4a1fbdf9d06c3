internal import Linux

extension Launcher {
    /// Begins to start the container of `spec`, in the namespaces of others that it names, too.
    ///
    /// - Parameters:
    ///   - filter: what `SeccompCache` makes of the spec's profile.
    ///   - streams: become its 0, 1 and 2.
    /// - Throws: as `start`; `.setup` also where a namespace to join is not there any more.
    public static func start(
        _ spec: ContainerSpec, filter: SeccompFilter?, context: InitProgram.Context, cgroup: Cgroup, streams: [CInt]
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
        defer { withExtendedLifetime(namespaces) {} }
        return try start(
            InitProgram(spec, filter: filter, context: context), cgroup: cgroup, inheritance: inheritance,
            mappings: spec.linux.identityMappings)
    }
}
