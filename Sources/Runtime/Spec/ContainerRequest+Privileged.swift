public import Linux

extension ContainerSpec {
    /// The same container with all the rights that the caller can give: nothing of the kernel's is hidden or only to be
    /// looked at, and every device of the machine is there.
    ///
    /// - Throws: `RuntimeError.setup` where the machine's devices cannot be listed.
    func privileged() throws(RuntimeError) -> ContainerSpec {
        var spec = self
        spec.linux.maskedPaths = []
        spec.linux.readOnlyPaths = []
        for index in spec.mounts.indices where ["/sys", "/sys/fs/cgroup"].contains(spec.mounts[index].destination) {
            guard case .fileSystem = spec.mounts[index].source else { continue }
            spec.mounts[index].change.set.subtract(.readOnly)
        }
        spec.root.allowsDevices = true
        do {
            spec.linux.devices = try DeviceSpec.ofMachine() + spec.linux.devices
        } catch {
            throw .setup(error)
        }
        return spec
    }
}

extension DeviceSpec {
    /// Not the machine's to give: each container has its own.
    private static let own = [
        "/dev/pts", "/dev/shm", "/dev/fd", "/dev/mqueue", "/dev/console", "/dev/ptmx", "/dev/hugepages",
    ]

    /// Every device node below `/dev`, or below another directory.
    ///
    /// - Parameter target: where they are to be in the container; nil for the same place.
    public static func ofMachine(
        below directory: String = "/dev", at target: String? = nil
    ) throws(SystemError) -> [DeviceSpec] {
        var found: [DeviceSpec] = []
        for name in try directoryEntries(directory).sorted() {
            let path = "\(directory)/\(name)"
            guard !own.contains(path), let status = try? FileStatus.ofLink(path) else { continue }
            let place = "\(target ?? directory)/\(name)"
            switch status.kind {
            case .directory: found += try ofMachine(below: path, at: place)
            case .characterDevice, .blockDevice: found.append(DeviceSpec(place, status))
            case .regular, .symbolicLink, .fifo, .socket, .unknown: continue
            }
        }
        return found
    }

    /// A device with the permissions and owners that another node of it has.
    public init(_ path: String, _ status: FileStatus) {
        self.init(path, status.kind, mode: status.mode & 0o777, owner: status.owner, group: status.group)
    }
}
