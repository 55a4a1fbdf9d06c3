internal import Linux
internal import OrderedCollections

/// Reads one service out of a canonical model.
struct ServiceReader {
    let name: ServiceName
    private let key: SourceRange
    let node: Node
    let services: Mapping
    /// What else the file has: volumes, secrets, configs.
    let resources: Node
    var problems = Problems()

    init(_ name: ServiceName, _ entry: Mapping.Entry, services: Mapping, resources: Node) {
        self.resources = resources
        self.name = name
        self.key = entry.key
        self.node = entry.value
        self.services = services
    }

    /// The service, or nothing where there is nothing to run it in. With problems it is not to be run, though what else
    /// is wrong with it can still be found out.
    mutating func read() -> Service? {
        guard let rootfs = readRootfs() else { return nil }
        let (entrypoint, command) = readWords()
        let namespaces = readNamespaces()
        let network = readNetwork()
        let mounts = readMounts()
        let restart = readRestartPolicy()
        return Service(
            name: name,
            rootfs: rootfs,
            hostname: readHostname(),
            entrypoint: entrypoint,
            command: command,
            environment: readEnvironment(),
            workingDirectory: readWorkingDirectory(),
            user: text("user"),
            pidsLimit: readPidsLimit(),
            memoryLimit: readMemoryLimit(),
            cpus: readCPUs(),
            isAttached: node["attach"]?.boolean ?? true,
            replicas: readReplicas(),
            restart: restart,
            update: readUpdatePolicy(),
            usesInit: node["init"]?.boolean ?? false,
            dependencies: readDependencies(),
            stopSignal: read("stop_signal", "a signal such as SIGTERM") { Signal($0) } ?? .terminate,
            stopGracePeriod: text("stop_grace_period").flatMap(DurationText.parse) ?? .seconds(10),
            mounts: mounts.binds,
            volumes: mounts.volumes,
            files: readFiles(),
            tmpfs: readTmpfs(),
            isReadOnly: node["read_only"]?.boolean ?? false,
            network: network,
            namespaces: namespaces,
            rights: readRights(),
            limits: readLimits(namespaces, network),
            resolution: readNameResolution(network),
            logging: LoggingReader.read(node["logging"], of: name, problems: &problems),
            health: readHealth(),
            schedule: readSchedule(restart: restart),
            hooks: readHooks(),
            console: readConsole(),
            profiles: node["profiles"]?.items?.compactMap(\.string) ?? [],
            fingerprint: Fingerprint(of: node),
            definition: node
        )
    }

    /// The words that a key may have for its value.
    private static let words = [
        "restart": ["no", "always", "unless-stopped", "on-failure"],
        "network_mode": ["host", "none"],
    ]

    private func text(_ key: String) -> String? {
        node[key]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads a text that has to be something; tells what, where it is not.
    mutating func read<Value>(_ key: String, _ expected: String, _ parse: (String) -> Value?) -> Value? {
        guard let text = text(key) else { return nil }
        if let value = parse(text) { return value }
        refuse(key, expected, found: text)
        return nil
    }

    mutating func refuse(_ key: String, _ expected: String, found: String, at place: SourceRange? = nil) {
        let message = "expected \(expected) for \"\(key)\" in service \"\(name)\", found \"\(found)\""
        problems.error(
            message, at: place ?? node[key]?.place ?? self.key,
            suggestion: NearestName.find(found, among: Self.words[key] ?? []), notes: node[key]?.notes ?? []
        )
    }
}

// MARK: What runs

extension ServiceReader {
    private mutating func readRootfs() -> Rootfs? {
        guard let rootfs = node["rootfs"] else {
            let images = node["image"] ?? node["build"]
            let reason = images == nil ? "" : ": images are not acted on by this version"
            problems.error("service \"\(name)\" has no root file system; add \"rootfs: DIRECTORY\"\(reason)", at: key)
            return nil
        }
        return Rootfs(rootfs)
    }

    private mutating func readWords() -> (entrypoint: [String], command: [String]) {
        let words = ["entrypoint", "command"].map { node[$0]?.items?.compactMap(\.string) ?? [] }
        let isBroken = ["entrypoint", "command"].contains { node[$0]?.isInvalid ?? false }
        if words[0].isEmpty, words[1].isEmpty, !isBroken {
            problems.error("service \"\(name)\" has nothing to run; add \"command: …\"", at: key)
        } else if (words[0] + words[1]).first?.isEmpty == true {
            problems.error("service \"\(name)\" has an empty text for the program to run", at: key)
        }
        return (words[0], words[1])
    }

    private mutating func readHostname() -> String {
        guard let hostname = text("hostname") else { return String(name.text.prefix(64)) }
        if hostname.utf8.count > 64 { refuse("hostname", "at most 64 bytes", found: hostname) }
        return hostname
    }

    private mutating func readEnvironment() -> OrderedDictionary<String, String> {
        var environment: OrderedDictionary<String, String> = [:]
        for (key, entry) in node["environment"]?.mapping ?? Mapping() {
            if key.isEmpty || key.contains("=") {
                problems.error("\"\(key)\" cannot be the name of a variable", at: entry.key)
            }
            environment[key] = entry.value.string
        }
        return environment
    }

    private mutating func readWorkingDirectory() -> String {
        guard let directory = text("working_dir") else { return "/" }
        if !Path.isAbsolute(directory) { refuse("working_dir", "an absolute path", found: directory) }
        return Path.normalize(directory)
    }

    private mutating func readDependencies() -> [Dependency] {
        (node["depends_on"]?.mapping ?? Mapping()).compactMap { other, entry in
            guard let service = ServiceName(other), services[other] != nil else { return nil }
            let condition = entry.value["condition"]?.string.flatMap(Dependency.Condition.init) ?? .started
            let isRequired = entry.value["required"]?.boolean ?? true
            if isRequired { checkCondition(condition, of: other, at: entry.value["condition"]?.place ?? entry.key) }
            return Dependency(
                service: service, condition: condition, restart: entry.value["restart"]?.boolean ?? false,
                isRequired: isRequired)
        }
    }
}

// MARK: What holds it

extension ServiceReader {
    /// The same limit may stand under `deploy.resources.limits`: the loader has seen to it that the two agree.
    func limit(_ key: String, orDeployed other: String) -> Node? {
        node[key] ?? node["deploy"]?["resources"]?["limits"]?[other]
    }

    private mutating func readPidsLimit() -> PidsLimit {
        guard let number = limit("pids_limit", orDeployed: "pids")?.integer else { return .standard }
        if let limit = PidsLimit(number) { return limit }
        refuse("pids_limit", "a whole number above 0, or -1 for no limit", found: String(number))
        return .standard
    }

    private mutating func readMemoryLimit() -> ByteCount? {
        guard let text = limit("mem_limit", orDeployed: "memory")?.string, let bytes = ByteText.parse(text),
            ![0, -1].contains(bytes)
        else { return nil }
        if bytes < 0 { refuse("mem_limit", "a size such as 64m", found: text) }
        return ByteCount(bytes: bytes)
    }

    private mutating func readCPUs() -> CPUQuota? {
        let number: Double
        let scalar = limit("cpus", orDeployed: "cpus")?.scalar
        switch scalar?.kind {
        case .integer(let value): number = Double(value)
        case .float(let value): number = value
        case .string: number = Double(scalar?.text ?? "") ?? 0
        default: return nil
        }
        if number == 0 { return nil }
        if let quota = CPUQuota(number) { return quota }
        refuse("cpus", "a number above 0", found: scalar?.text ?? "")
        return nil
    }
}

// MARK: What it sees

extension ServiceReader {
    mutating func readTmpfs() -> [TmpfsMount] {
        var mounts: [TmpfsMount] = []
        for item in node["tmpfs"]?.items ?? [] {
            guard let text = item.string else { continue }
            do {
                mounts.append(try TmpfsMount(short: text))
            } catch {
                problems.error("the tmpfs \"\(text)\" cannot be mounted: \(error.reason)", at: item.place)
            }
        }
        for mount in node["volumes"]?.items ?? [] where mount["type"]?.string == "tmpfs" {
            guard let target = mount["target"]?.string, Path.isAbsolute(target) else { continue }
            let size = mount["tmpfs"]?["size"]?.string.flatMap(ByteText.parse).map { ByteCount(bytes: $0) }
            let mode = mount["tmpfs"]?["mode"]?.integer.flatMap { UInt32(exactly: $0) }
            let options = mount["read_only"]?.boolean == true ? ["ro"] : []
            mounts.append(TmpfsMount(target: Path.normalize(target), size: size, mode: mode, options: options))
        }
        return mounts
    }
}

extension Rootfs {
    /// What a canonical model says of one; nil where that is none.
    init?(_ node: Node) {
        guard let path = node["path"]?.string else { return nil }
        self.init(path: Path.normalize(path), overlay: node["overlay"]?.boolean ?? true)
    }
}
