internal import Linux

extension ContainerSpec {
    /// The same container made by somebody who is root only in a user namespace, which may not do all that the host's
    /// root may: what has to be done in another way is.
    ///
    /// - Throws: `RuntimeError.user` where the container's user is nobody whom the mappings know.
    func adapted(to mappings: IdentityMappings) throws(RuntimeError) -> ContainerSpec {
        guard mappings.users.contains(process.identity.user) else {
            throw .user(.unmapped(process.identity.user))
        }
        guard mappings.groups.contains(process.identity.group) else {
            throw .user(.unmapped(process.identity.group))
        }
        var spec = self
        spec.linux.namespaces.insert(.user)
        spec.linux.identityMappings = mappings
        spec.mounts = mounts.map { $0.adapted(to: mappings, hasNetwork: linux.namespaces.contains(.network)) }
        // Groups that nobody has cannot be had.
        spec.process.identity.supplementaryGroups.removeAll { !mappings.groups.contains($0) }
        return spec
    }
}

extension MountSpec {
    fileprivate func adapted(to mappings: IdentityMappings, hasNetwork: Bool) -> MountSpec {
        guard case .fileSystem(let type, let options, let device) = source else { return self }
        switch type {
        case "sysfs" where !hasNetwork:
            // A new one shows the network's devices, and so belongs to the owner of the network.
            return MountSpec(.bind("/sys"), at: destination, flags: change.set)
        case "devpts" where !mappings.groups.contains(5):
            let kept = options.split(separator: ",").filter { !$0.hasPrefix("gid=") }
            var mount = self
            mount.source = .fileSystem(type, options: kept.joined(separator: ","), device: device)
            return mount
        default: return self
        }
    }
}
