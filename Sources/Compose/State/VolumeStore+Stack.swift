internal import Linux
internal import OrderedCollections

extension VolumeStore {
    /// The volumes that a stack has made.
    ///
    /// - Parameters:
    ///   - services: only what these use; none means all.
    ///   - state: of the stack, which tells what they use.
    public func records(of project: ProjectName, usedBy services: [String], in state: StackState?) -> [Record] {
        let all = records(of: project)
        guard !services.isEmpty else { return all }
        let stack = state.flatMap { state in
            state.definition.flatMap { CanonicalStack.read($0, project: project, directory: state.directory) }
        }
        let used = services.compactMap { ServiceName($0) }.compactMap { stack?.services[$0] }.flatMap(\.volumes)
        let names = Set(
            used.compactMap { mount -> String? in
                guard case .named(let volume) = mount.source else { return nil }
                return volume.name
            })
        return all.filter { record in
            guard let instance = record.instance else { return names.contains(record.name) }
            return services.contains(InstanceName(instance)?.service.text ?? "")
        }
    }

    /// Removes the volumes that a stack has made.
    ///
    /// - Returns: the names of those removed.
    public func removeAll(of project: ProjectName) throws(RemovalFailure) -> [String] {
        try remove(records(of: project))
    }

    /// Removes the own volumes of instances.
    ///
    /// - Parameter state: of the stack; what runs keeps those of them that it has by `volumes_from`.
    public func removeAll(
        of instances: Set<String>, in project: ProjectName, state: StackState? = nil
    ) throws(RemovalFailure) -> [String] {
        let kept = state?.inheritedVolumes(in: project) ?? []
        return try remove(
            records(of: project).filter { record in
                record.instance.map(instances.contains) == true && !kept.contains(record.name)
            })
    }

    /// Removes the own volumes of an instance that does not run.
    func removeOwn(of instance: String, in project: ProjectName) throws(SystemError) {
        for record in records(of: project) where record.instance == instance { try remove(record.name) }
    }

    private func remove(_ records: [Record]) throws(RemovalFailure) -> [String] {
        for record in records {
            do {
                try remove(record.name)
            } catch {
                throw RemovalFailure(name: record.name, reason: "\(error)")
            }
        }
        return records.map(\.name)
    }

    /// Why a volume is still there.
    public struct RemovalFailure: Error, CustomStringConvertible {
        let name: String
        let reason: String

        public var description: String { "the volume \(name) cannot be removed: \(reason)" }
    }
}

extension StackState {
    /// The own volumes of other instances that those which run have.
    fileprivate func inheritedVolumes(in project: ProjectName) -> Set<String> {
        let stacks = definitions.compactMapValues { CanonicalStack.read($0, project: project, directory: directory) }
        let mounts = instances.filter { !$0.phase.isOver }.flatMap { instance in
            ServiceName(instance.service).flatMap { stacks[instance.definition]?.services[$0]?.volumes } ?? []
        }
        return Set(
            mounts.compactMap { mount in
                guard case .anonymous(let owner?) = mount.source else { return nil }
                return VolumeMount.name(of: "\(InstanceName(owner))", in: project, target: mount.target)
            })
    }
}
