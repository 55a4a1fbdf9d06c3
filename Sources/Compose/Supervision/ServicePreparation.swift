internal import Linux
internal import Runtime

/// Makes ready on the host what a container of a service sees of it, and finds the processes that it shares something
/// with.
struct ServicePreparation {
    let service: Service
    let project: ProjectName
    /// What the container is called.
    let instance: String
    let files: InstanceFiles
    let contents: ContentStore
    let volumes: VolumeStore
    let memoryVolumes: MemoryVolumes
    let sharedMemory: SharedMemoryDirectory
    /// An instance of a service that runs; nil where none does.
    let running: (ServiceName) -> RunningProcess?

    /// The first process of an instance.
    struct RunningProcess {
        let instance: String
        let number: Int32
    }

    /// - Parameters:
    ///   - instance: what the container is called.
    ///   - files: what is made for it alone.
    init(
        _ service: Service, _ instance: String, in directory: StackDirectory, files: InstanceFiles,
        running: @escaping (ServiceName) -> RunningProcess?
    ) {
        self.service = service
        self.instance = instance
        self.files = files
        self.running = running
        sharedMemory = SharedMemoryDirectory(directory)
        project = directory.project
        contents = ContentStore(directory)
        volumes = VolumeStore(directory)
        memoryVolumes = MemoryVolumes(directory)
    }

    /// Adds to `request` what the service's definition alone does not say.
    ///
    /// - Returns: what has to stay open until the container runs.
    func prepare(_ request: inout ContainerRequest) throws(SystemError) -> HeldMounts {
        let held = HeldMounts()
        try share(&request)
        try addDevices(&request)
        try makeSources()
        request.mounts += try mountVolumes(held)
        request.mounts += try files.write(ownFiles(request) + givenFiles())
        return held
    }

    // MARK: Sharing

    private func share(_ request: inout ContainerRequest) throws(SystemError) {
        if case .service(let other) = service.network { request.network = .process(try process(of: other).number) }
        let namespaces = service.namespaces
        if case .service(let other) = namespaces.processes {
            request.processes = .process(try process(of: other).number)
        }
        switch namespaces.names {
        case .own: break
        case .host: request.hostname = try readText("/proc/sys/kernel/hostname").trimmed
        case .service(let other): request.names = .process(try process(of: other).number)
        }
        switch namespaces.ipc {
        case .own where namespaces.isShareable:
            request.sharedMemory = .directory(try sharedMemory.make(for: instance))
        case .own: break
        case .host: request.sharedMemory = .directory("/dev/shm")
        case .service(let other):
            let process = try process(of: other)
            request.ipc = .process(process.number)
            request.sharedMemory = .directory(sharedMemory.path(of: process.instance))
        }
    }

    private func process(of other: ServiceName) throws(SystemError) -> RunningProcess {
        if let process = running(other) { return process }
        throw SystemError("share", "what \(other) has, of which nothing runs", .noSuchProcess)
    }

    // MARK: Devices

    private func addDevices(_ request: inout ContainerRequest) throws(SystemError) {
        let rights = service.rights
        var rules: [DeviceRule] = []
        for device in rights.devices {
            let status = try FileStatus.of(device.source)
            let found: [DeviceSpec]
            switch status.kind {
            case .characterDevice, .blockDevice: found = [DeviceSpec(device.target, status)]
            case .directory: found = try DeviceSpec.ofMachine(below: device.source, at: device.target)
            case .regular, .symbolicLink, .fifo, .socket, .unknown:
                throw SystemError("show", "\(device.source), which is no device", .noSuchDevice)
            }
            let access = DeviceRule.Access(device.permissions) ?? .all
            rules += found.compactMap { DeviceRule($0, access) }
            request.devices += found
        }
        if rights.isPrivileged { return }
        if !rights.deviceRules.isEmpty {
            request.allowsDevices = true
            request.resources.devices =
                [DeviceRule(allow: false)] + DeviceRule.standard + rules + rights.deviceRules.map(\.rule)
        } else {
            // No other device can be opened anyway, see `DeviceSetup.isClosed`; and nodes have to be made for it.
            let denials = rules.compactMap { rule -> DeviceRule? in
                var denial = rule
                denial.allow = false
                denial.access = [.read, .write]
                denial.access.subtract(rule.access)
                return denial.access.isEmpty ? nil : denial
            }
            if !denials.isEmpty { request.resources.devices = [DeviceRule(allow: true)] + denials }
        }
    }

    // MARK: Mounts and files

    private func makeSources() throws(SystemError) {
        for mount in service.mounts where mount.createsSource && (try? FileStatus.ofLink(mount.source)) == nil {
            try makeDirectories(mount.source)
        }
    }

    private func ownFiles(_ request: ContainerRequest) throws(SystemError) -> [InstanceFiles.File] {
        var own: [InstanceFiles.File] = []
        let resolution = service.resolution
        let isNamed = service.namespaces.isNamed
        if isNamed || !resolution.hosts.isEmpty {
            let machine = service.network == .host ? try? readText("/etc/hosts") : nil
            let text = resolution.hostsFile(of: machine, names: isNamed ? names(request.hostname) : [])
            own.append(InstanceFiles.File(target: "/etc/hosts", content: Array(text.utf8)))
        }
        if !resolution.isOfMachine {
            let machine = (try? readText("/etc/resolv.conf")) ?? ""
            let text = resolution.resolverFile(of: machine)
            own.append(InstanceFiles.File(target: "/etc/resolv.conf", content: Array(text.utf8)))
        }
        if isNamed {
            own.append(InstanceFiles.File(target: "/etc/hostname", content: Array("\(request.hostname)\n".utf8)))
        }
        return own
    }

    /// The service's secrets and configs.
    private func givenFiles() throws(SystemError) -> [InstanceFiles.File] {
        var given: [InstanceFiles.File] = []
        for file in service.files {
            let content: [UInt8]
            switch file.content {
            case .file(let path): content = try readFile(path)
            case .text(let text): content = Array(text.utf8)
            case .variable(let name, let digest):
                do {
                    content = try contents.content(digest)
                } catch {
                    throw SystemError(
                        "find",
                        "\(file.name), which is the variable \(name) of whoever starts the stack and is not kept "
                            + "when the machine restarts: run \"gocker-compose up\" again", error.errno)
                }
            }
            given.append(
                InstanceFiles.File(
                    target: file.target, content: content, mode: file.mode, owner: file.owner, group: file.group))
        }
        return given
    }

    /// The full name first.
    private func names(_ hostname: String) -> [String] {
        if let domain = service.namespaces.domainName { return ["\(hostname).\(domain)", hostname] }
        guard let dot = hostname.firstIndex(of: "."), dot > hostname.startIndex else { return [hostname] }
        return [hostname, String(hostname[..<dot])]
    }
}

extension DeviceRule {
    /// Access to a device that there is.
    fileprivate init?(_ device: DeviceSpec, _ access: Access) {
        switch device.kind {
        case .characterDevice(let number):
            self.init(allow: true, .character, major: number.major, minor: number.minor, access: access)
        case .blockDevice(let number):
            self.init(allow: true, .block, major: number.major, minor: number.minor, access: access)
        case .regular, .directory, .symbolicLink, .fifo, .socket, .unknown: return nil
        }
    }
}

extension ServiceDeviceRule {
    fileprivate var rule: DeviceRule {
        let kind: DeviceRule.Kind =
            switch self.kind {
            case .all: .all
            case .block: .block
            case .character: .character
            }
        return DeviceRule(
            allow: true, kind, major: major, minor: minor, access: DeviceRule.Access(permissions) ?? .all)
    }
}

extension String {
    fileprivate var trimmed: String { String(prefix { !$0.isNewline }) }
}
