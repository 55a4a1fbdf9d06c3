internal import JSON
internal import Linux
internal import OrderedCollections

/// What a container sees besides its image, and where that is from.
struct KubernetesMounts {
    /// The volumes of the pod, by their names in it.
    var volumes: OrderedDictionary<String, JSONValue> = [:]
    /// Where the container sees them.
    var mounts: [JSONValue] = []
    /// What each pod has of its own, and keeps.
    var claimTemplates: [JSONValue] = []
    /// The claims that it shares with others, with whether it writes to them.
    var claims: Set<String> = []
    /// Of configs and secrets whose contents are in the manifests.
    var digests: [String] = []

    /// Whether what it writes is to outlive it.
    var isStateful: Bool { !claimTemplates.isEmpty || !claims.isEmpty }

    mutating func add(_ volume: String, _ source: JSONValue, at path: String, _ options: JSONValue = .object([])) {
        volumes[volume] = JSONValue.object([("name", .string(volume))]).adding(source)
        mount(volume, at: path, options)
    }

    mutating func mount(_ volume: String, at path: String, _ options: JSONValue = .object([])) {
        mounts.append(JSONValue.object([("name", .string(volume)), ("mountPath", .string(path))]).adding(options))
    }
}

extension KubernetesService {
    /// - Parameter isKept: whether a pod that is made anew finds what the last one in its place has written.
    mutating func mounts(isKept: Bool) -> KubernetesMounts {
        var mounts = KubernetesMounts()
        let read = self.read { $0.readMounts() }
        for volume in read.volumes { mount(volume, isKept: isKept, &mounts) }
        for bind in read.binds { mount(bind, &mounts) }
        for tmpfs in self.read({ $0.readTmpfs() }) { mount(tmpfs, &mounts) }
        if let size = node["shm_size"].flatMap({ $0.string.flatMap(ByteText.parse) ?? $0.integer }), size > 0 {
            mounts.add("shm-\(name)", Self.memory(ByteCount(bytes: size)), at: "/dev/shm")
        }
        for kind in ["configs", "secrets"] {
            for item in node[kind]?.items ?? [] { mountFile(item, kind, &mounts) }
        }
        return mounts
    }

    private func place(ofMount target: String) -> SourceRange {
        let items = (node["volumes"]?.items ?? []) + (node["tmpfs"]?.items ?? [])
        let item = items.first { item in
            let path = item["target"]?.string ?? item.string.map { String(Spelling.cut($0, ":").0) }
            return path.map(Path.normalize) == target
        }
        return item?.place ?? place(node["volumes_from"] == nil ? "volumes" : "volumes_from")
    }

    private static func memory(_ size: ByteCount?) -> JSONValue {
        [
            "emptyDir": .fields([
                "medium": "Memory", "sizeLimit": size.map { .string(KubernetesQuantity.text($0)) },
            ])
        ]
    }
}

// MARK: Volumes

extension KubernetesService {
    private mutating func mount(_ mount: VolumeMount, isKept: Bool, _ mounts: inout KubernetesMounts) {
        let options = JSONValue.fields([
            "readOnly": mount.isReadOnly ? true : nil, "subPath": mount.subpath.map { .string($0) },
        ])
        let place = place(ofMount: mount.target)
        switch mount.source {
        case .named(let volume):
            guard let name = KubernetesNames.label(volume.name) else { return }
            guard let source = source(volume, name, at: place) else { return }
            if source["persistentVolumeClaim"] != nil {
                mounts.claims.insert(name)
                if mount.copiesContent, !mount.isReadOnly, !volume.isExternal { warnOfContent(mount.target, at: place) }
            }
            mounts.add("named-\(name)", source, at: mount.target, options)
        case .anonymous(let owner?):
            refuse("volumes_from", "nobody sees the volumes of \"\(owner)\" that have no names; give them one")
        case .anonymous(nil):
            if isKept {
                let name = Self.claimName(mount.target)
                mounts.claimTemplates.append([
                    "metadata": ["name": .string(name)], "spec": context.claim(["ReadWriteOnce"]),
                ])
                mounts.mount(name, at: mount.target, options)
            } else {
                warn("what is written to \"\(mount.target)\" is gone with its pod", at: place)
                mounts.add(
                    "empty-\(name)-\(mounts.mounts.count + 1)", ["emptyDir": .object([])], at: mount.target, options)
            }
            if mount.copiesContent { warnOfContent(mount.target, at: place) }
        }
    }

    /// The same as long as the target is: what is in the volume is found by it.
    private static func claimName(_ target: String) -> String {
        let path = target.dropFirst()
        let isPlain = path.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0.isDigit || $0 == UInt8(ascii: "/") }
        if isPlain, path.utf8.count <= 40 { return "volume-" + path.replacing("/", with: "-") }
        return "volume-" + SHA256.hexadecimal(Array(target.utf8)).prefix(12)
    }

    private mutating func warnOfContent(_ target: String, at place: SourceRange) {
        warn(
            "the volume at \"\(target)\" begins empty: nothing of the image is copied into it (\"nocopy: true\" says so)",
            at: place)
    }

    private mutating func source(_ volume: Volume, _ name: String, at place: SourceRange) -> JSONValue? {
        switch volume.content {
        case .directory: return ["persistentVolumeClaim": ["claimName": .string(name)]]
        case .bind(let path): return hostPath(path, createsSource: false, at: place)
        case .memory(let options, let isShared):
            if isShared {
                refuse("driver_opts", "a volume in memory is another one in each pod; use it in one", at: place)
            }
            let size = options.split(separator: ",").first { $0.hasPrefix("size=") }.flatMap {
                ByteCount($0.dropFirst(5))
            }
            return Self.memory(size)
        case .fileSystem("nfs", let device, let options):
            if let source = nfs(device, options, at: place) { return source }
        case .fileSystem: break
        }
        refuse(
            "driver_opts", "a pod mounts \"nfs\" and \"tmpfs\" itself; for others the cluster has storage classes",
            at: place)
        return nil
    }

    private mutating func nfs(_ device: String, _ options: String, at place: SourceRange) -> JSONValue? {
        let words = options.split(separator: ",")
        let address = words.first { $0.hasPrefix("addr=") }?.dropFirst("addr=".count)
        let (host, path) = Spelling.cut(device, ":")
        guard let server = address ?? (host.isEmpty ? nil : host), let path else { return nil }
        let lost = words.filter { !$0.hasPrefix("addr=") && $0 != "ro" && $0 != "rw" }
        if !lost.isEmpty {
            warn("a pod mounts NFS as the node does: \(lost.joined(separator: ", ")) is left out", at: place)
        }
        return [
            "nfs": .fields([
                "server": .string(String(server)), "path": .string(String(path)),
                "readOnly": words.contains("ro") ? true : nil,
            ])
        ]
    }

    private mutating func mount(_ bind: BindMount, _ mounts: inout KubernetesMounts) {
        let place = place(ofMount: bind.target)
        guard let source = hostPath(bind.source, createsSource: bind.createsSource, at: place) else { return }
        var propagation: JSONValue?
        switch bind.propagation {
        case "slave", "rslave": propagation = "HostToContainer"
        case "shared", "rshared":
            propagation = "Bidirectional"
            if node["privileged"]?.boolean != true {
                refuse("volumes", "mounts reach the node from privileged pods only", at: place)
                return
            }
        default: break
        }
        var recursion: JSONValue?
        switch bind.recursion {
        // Kubernetes has it for mounts without propagation only.
        case .enabled: recursion = bind.isReadOnly && propagation == nil ? "IfPossible" : nil
        case .readOnly:
            recursion = "Enabled"
            if propagation != nil {
                refuse("volumes", "a mount is read-only with all below it, or propagates; not both", at: place)
                return
            }
        case .writable: break
        case .disabled:
            refuse("volumes", "what is mounted below a path of the node is seen with it", at: place)
            return
        }
        mounts.add(
            "host-\(name)-\(mounts.mounts.count + 1)", source, at: bind.target,
            .fields([
                "readOnly": bind.isReadOnly ? true : nil, "mountPropagation": propagation,
                "recursiveReadOnly": recursion,
            ]))
    }

    private mutating func hostPath(_ path: String, createsSource: Bool, at place: SourceRange) -> JSONValue? {
        guard options.allowsHostPaths else {
            problems.refuse(
                "volumes", at: place,
                advice: "a pod may run on any node, and \"\(path)\" is on this machine; make it a config or a volume, "
                    + "or allow it with --allow-host-path")
            return nil
        }
        // What is here stands for what is to be there.
        let kind: String =
            switch context.host.kind(ofPath: path) {
            case .directory, .absent: createsSource ? "DirectoryOrCreate" : "Directory"
            case .file: "File"
            case .other: ""
            }
        return ["hostPath": ["path": .string(path), "type": .string(kind)]]
    }

    private mutating func mount(_ tmpfs: TmpfsMount, _ mounts: inout KubernetesMounts) {
        let lost = tmpfs.options.filter { !["ro", "rw", "nosuid", "nodev", "exec", "suid", "dev"].contains($0) }
        let mode = tmpfs.mode.flatMap { $0 & 0o777 == 0o777 ? nil : "mode=\(String($0, radix: 8))" }
        let options = lost + [mode].compactMap { $0 }
        if !options.isEmpty {
            warn(
                "a file system in memory has a size and nothing else: \(options.joined(separator: ", ")) is left out",
                at: place(ofMount: tmpfs.target))
        }
        mounts.add(
            "memory-\(name)-\(mounts.mounts.count + 1)", Self.memory(tmpfs.size), at: tmpfs.target,
            .fields(["readOnly": tmpfs.options.contains("ro") ? true : nil]))
    }
}

// MARK: Configs and secrets

extension KubernetesService {
    /// Each object holds one file, under this key.
    static let contentKey = "content"

    private mutating func mountFile(_ mount: Node, _ kind: String, _ mounts: inout KubernetesMounts) {
        guard let source = mount["source"]?.string, let object = context.names.resource(kind, source),
            context.document.model[kind]?[source] != nil
        else { return }
        let directory = kind == "secrets" ? "/run/secrets" : ""
        let target = Path.resolve(mount["target"]?.string ?? source, against: directory + "/")
        let mode = mode(of: mount)
        guard canBeRead(mount, kind, mode) else { return }
        let usual: UInt32 = 0o444
        let volume = "\(kind.dropLast())-\(object)" + (mode == usual ? "" : "-" + String(mode, radix: 8))
        let reference: JSONValue = [
            kind == "secrets" ? "secretName" : "name": .string(object), "defaultMode": .integer(Int64(mode)),
        ]
        mounts.add(
            volume, [kind == "secrets" ? "secret" : "configMap": reference], at: target,
            ["subPath": .string(Self.contentKey), "readOnly": true])
        if kind == "configs" || options.includesSecrets, let digest = UsedContents.digest(of: source, kind, in: node) {
            mounts.digests.append(digest)
        }
    }

    private mutating func mode(of mount: Node) -> UInt32 {
        guard let text = mount["mode"]?.string else { return 0o444 }
        if let mode = UInt32(text, radix: 8), mode <= 0o777 { return mode }
        problems.error("expected permission bits such as 0440, found \"\(text)\"", at: mount["mode"]?.place)
        return 0o444
    }

    /// Files are root's there. Whoever it would be can read what everybody can.
    private mutating func canBeRead(_ mount: Node, _ kind: String, _ mode: UInt32) -> Bool {
        for owner in ["uid", "gid"] {
            guard let node = mount[owner], let text = node.string, !text.isEmpty, text != "0" else { continue }
            guard mode & 0o004 != 0 else {
                refuse(kind, "files are root's; let everybody read this one, with mode 0444", at: node.place)
                return false
            }
            warn(
                "files are root's: \"\(owner)\" is left out, and everybody can read this one anyway", at: node.place
            )
        }
        return true
    }
}
