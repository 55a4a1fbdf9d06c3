internal import Linux

extension ContainerSpec {
    /// Adds what every runtime adds to a bundle's description, and takes away what cannot be had.
    ///
    /// - Parameter warn: told what could not be had.
    func completed(warn: (String) -> Void) throws(LifecycleError) -> ContainerSpec {
        var spec = self
        guard let status = try? FileStatus.of(root.path), status.kind == .directory else {
            throw .runtime(.root(SystemError("open", root.path, .noSuchFileOrDirectory)))
        }
        // What nobody allows is denied. An ordinary user has no devices to deny, and no cgroup to do it with.
        spec.linux.resources.devices =
            effectiveUserID == 0 ? [DeviceRule(allow: false)] + linux.resources.devices + DeviceRule.standard : []
        spec.process = process.completed(
            root: root, isPrivileged: !linux.ownNamespaces.contains(.user), warn: warn)
        return spec
    }
}

extension ProcessSpec {
    /// - Parameters:
    ///   - root: where the user's home directory is looked up.
    ///   - isPrivileged: whether capabilities come from ours, not from a new user namespace.
    func completed(root: RootSpec, isPrivileged: Bool, warn: (String) -> Void) -> ProcessSpec {
        var process = self
        if !environment.contains(where: { $0.hasPrefix("HOME=") }) {
            let user = UserSpecifier(user: .number(identity.user), group: .number(identity.group))
            let home = (try? RootFiles(root).users().account(user))?.home ?? "/"
            process.environment.append("HOME=\(home)")
        }
        // Only what is inheritable can be ambient. Engines that stopped listing the one (CVE-2022-29162) list the other on.
        process.capabilities.ambient = capabilities.ambient.intersection(capabilities.inheritable)
        guard isPrivileged else { return process }
        let available = boundingSet()
        let missing = CapabilitySet(mask: capabilities.all.mask & ~available.mask)
        guard missing.mask != 0 else { return process }
        warn("not to be had here: \(missing)")
        process.capabilities = process.capabilities.intersection(available)
        return process
    }
}

extension CapabilitySets {
    fileprivate var all: CapabilitySet {
        CapabilitySet(mask: bounding.mask | effective.mask | permitted.mask | inheritable.mask | ambient.mask)
    }

    fileprivate func intersection(_ other: CapabilitySet) -> CapabilitySets {
        CapabilitySets(
            bounding: bounding.intersection(other), effective: effective.intersection(other),
            permitted: permitted.intersection(other), inheritable: inheritable.intersection(other),
            ambient: ambient.intersection(other))
    }
}
