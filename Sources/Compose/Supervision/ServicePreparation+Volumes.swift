internal import Linux
internal import OrderedCollections
internal import Runtime

extension ServicePreparation {
    /// The mounts of the service's volumes, which are made and filled where they are not there yet.
    ///
    /// - Parameter held: keeps what is mounted by its descriptor.
    func mountVolumes(_ held: HeldMounts) throws(SystemError) -> [MountSpec] {
        var mounts: [MountSpec] = []
        for mount in service.volumes { mounts.append(try spec(of: mount, held)) }
        return mounts
    }

    /// Makes the volumes that are not there yet.
    ///
    /// - Returns: what some of them are still to begin with.
    func missingContents() throws(SystemError) -> [VolumeCopy] {
        var missing: [VolumeCopy] = []
        for mount in service.volumes where mount.copiesContent {
            let destination: VolumeCopy.Destination
            switch mount.source {
            case .anonymous(let owner): destination = .volume(try makeOwn(owner, mount))
            case .named(let volume):
                switch volume.content {
                case .memory, .fileSystem: continue
                case .bind(let path): destination = .directory(path)
                case .directory:
                    try make(volume)
                    destination = .volume(volume.name)
                }
            }
            let copy = VolumeCopy(destination: destination, root: service.rootfs.path, path: mount.target)
            if try volumes.isToDo(copy) { missing.append(copy) }
        }
        return missing
    }

    /// - Returns: the name of a volume without one of its own.
    private func makeOwn(_ owner: ServiceName?, _ mount: VolumeMount) throws(SystemError) -> String {
        let instance = owner.map { "\(InstanceName($0))" } ?? instance
        let name = VolumeMount.name(of: instance, in: project, target: mount.target)
        try volumes.make(VolumeStore.Record(name: name, project: project.text, instance: instance, labels: [:]))
        return name
    }

    private func spec(of mount: VolumeMount, _ held: HeldMounts) throws(SystemError) -> MountSpec {
        var flags: MountFlags = mount.isReadOnly ? [.noDevices, .readOnly] : .noDevices
        let source: String
        switch mount.source {
        case .anonymous(let owner): source = try filled(try makeOwn(owner, mount), mount)
        case .named(let volume):
            switch volume.content {
            case .memory(let options, let isShared):
                let options = MountOptions(options, defaults: flags)
                flags.formUnion(options.flags)
                if effectiveUserID != 0 {
                    guard !isShared else { throw MemoryVolumes.takesRoot(volume.name) }
                    return MountSpec(.fileSystem("tmpfs", options: options.data), at: mount.target, flags: flags)
                }
                source = try memoryVolumes.make(volume.name, options.data, held)
            case .fileSystem(let type, let device, let options):
                let options = MountOptions(options, defaults: flags)
                return MountSpec(
                    .fileSystem(type, options: options.data, device: device), at: mount.target,
                    flags: options.flags.union(flags))
            case .bind(let path):
                if mount.copiesContent {
                    try VolumeStore.fill(directory: path, from: service.rootfs.path, mount.target)
                }
                source = path
            case .directory:
                try make(volume)
                source = try filled(volume.name, mount)
            }
        }
        guard let subpath = mount.subpath else { return MountSpec(.bind(source), at: mount.target, flags: flags) }
        // Others that see the volume may put a link there at any time: the path is taken once, and never leads out.
        let volume = try FileDescriptor.open(source, [.path, .directory])
        let name = "\(subpath) of the volume for \(mount.target)"
        do {
            let place = try volume.openInRoot(subpath, .path)
            return MountSpec(.bind(try held.source(of: place, named: name)), at: mount.target, flags: flags)
        } catch {
            throw SystemError("find", name, error.errno)
        }
    }

    private func make(_ volume: Volume) throws(SystemError) {
        guard !volume.isExternal else {
            guard volumes.record(volume.name) != nil else { throw VolumeStore.isMissing(volume.name) }
            return
        }
        let labels = Dictionary(volume.labels.map { ($0.name, $0.value) }) { $1 }
        try volumes.make(
            VolumeStore.Record(name: volume.name, project: project.text, instance: nil, labels: labels))
    }

    private func filled(_ name: String, _ mount: VolumeMount) throws(SystemError) -> String {
        if mount.copiesContent { try volumes.fill(name, from: service.rootfs.path, mount.target) }
        return volumes.content(of: name)
    }
}

extension VolumeStore {
    static func isMissing(_ name: String) -> SystemError {
        SystemError("use", "the volume \(name), which is external and has not been made", .noSuchFileOrDirectory)
    }

    /// Makes sure that the external volumes of a stack are there.
    func checkExternal(of stack: Stack) throws(SystemError) {
        for service in stack.services.values {
            for mount in service.volumes {
                guard case .named(let volume) = mount.source, volume.isExternal, record(volume.name) == nil else {
                    continue
                }
                throw Self.isMissing(volume.name)
            }
        }
    }
}
