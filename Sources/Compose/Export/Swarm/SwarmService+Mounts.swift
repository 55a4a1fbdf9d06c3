internal import Linux

/// What a service sees besides its image.
extension SwarmService {
    mutating func translateMounts(_ resources: inout SwarmResources) {
        translateTmpfs()
        if let size = text("shm_size") {
            // There is no word for the size of /dev/shm, but a mount can stand there.
            addTmpfs("/dev/shm", size: ByteText.parse(size), at: place("shm_size"))
        }
        var mounts: [Node] = []
        for mount in node["volumes"]?.items ?? [] {
            if let translated = translate(mount, &resources) { mounts.append(translated) }
        }
        mounts += moreMounts
        guard !mounts.isEmpty else { return }
        result.set("volumes", Node(.sequence(mounts), at: place("volumes")), at: place("volumes"))
    }

    private mutating func translate(_ mount: Node, _ resources: inout SwarmResources) -> Node? {
        switch mount["type"]?.string {
        case "bind": return translateBind(mount)
        case "volume":
            if let place = mount["volume"]?.mapping?.place(ofKey: "subpath") {
                refuse("volumes", "a volume is mounted as a whole", at: place)
            }
            if let place = mount["volume"]?.mapping?.place(ofKey: "labels") {
                refuse(
                    "volumes", "what it makes for a mount has no labels; give the volume a name, and it the labels",
                    at: place)
            }
            return keeping(mount, "volume", ["nocopy"])
        case "tmpfs":
            let size = mount["tmpfs"]?["size"]?.string.flatMap(ByteText.parse)
            let mode = mount["tmpfs"]?["mode"]
            checkMode(mode?.integer, at: mode?.place ?? mount.place)
            addTmpfs(
                mount["target"]?.string ?? "", size: size, isReadOnly: mount["read_only"]?.boolean == true,
                at: mount.place)
            return nil
        default:
            refuse("volumes", "it mounts volumes, directories and file systems in memory", at: mount.place)
            return nil
        }
    }

    private mutating func translateBind(_ mount: Node) -> Node? {
        let source = mount["source"]?.string ?? ""
        let place = mount["source"]?.place ?? mount.place
        // That is where what only this machine has usually is.
        if Path.contains(directory, source) {
            refuse(
                "volumes",
                "\"\(source)\" is on this machine only: make it a config, a volume, or a part of the root file system",
                at: place)
            return nil
        }
        problems.warn("\"\(source)\" has to be there on every node that \"\(name)\" may run on", at: place)
        if let place = mount["bind"]?.mapping?.place(ofKey: "recursive") {
            refuse("volumes", "what is mounted below a directory is mounted with it", at: place)
        }
        if let place = mount["bind"]?.mapping?.place(ofKey: "selinux") {
            refuse("volumes", "what SELinux calls a directory is each node's own", at: place)
        }
        return keeping(mount, "bind", ["propagation"])
    }

    /// The mount with those of its details that Swarm knows.
    private func keeping(_ mount: Node, _ details: String, _ known: Set<String>) -> Node {
        let kept = mount.mappingChild(details) { node in
            node.mapEntries { key, entry in known.contains(key) ? entry.value : nil }
        }
        return kept.changingMapping { mapping in
            if mapping[details]?.mapping?.isEmpty ?? true { mapping.remove(details) }
        }
    }

    private mutating func translateTmpfs() {
        for item in node["tmpfs"]?.items ?? [] {
            guard let text = item.string, let tmpfs = try? TmpfsMount(short: text) else {
                problems.error("the tmpfs \"\(item.string ?? "")\" cannot be read", at: item.place)
                continue
            }
            checkMode(tmpfs.mode.map(Int64.init), at: item.place)
            // So are all of Docker's.
            let others = tmpfs.options.filter { !["rw", "nosuid", "nodev", "noexec"].contains($0) }
            if !others.isEmpty {
                refuse("tmpfs", "of a file system in memory only the size can be said", at: item.place)
            }
            addTmpfs(tmpfs.target, size: tmpfs.size?.bytes, at: item.place)
        }
    }

    private mutating func checkMode(_ mode: Int64?, at place: SourceRange) {
        guard let mode, mode != 0o1777 else { return }
        refuse("tmpfs", "of a file system in memory only the size can be said", at: place)
    }

    private mutating func addTmpfs(_ target: String, size: Int64?, isReadOnly: Bool = false, at place: SourceRange) {
        var mount = Mapping()
        mount.set("type", .string("tmpfs", at: place), at: place)
        mount.set("target", .string(target, at: place), at: place)
        if isReadOnly { mount.set("read_only", .boolean(true, at: place), at: place) }
        if let size {
            var details = Mapping()
            details.set("size", .integer(size, at: place), at: place)
            mount.set("tmpfs", Node(.mapping(details), at: place), at: place)
        }
        moreMounts.append(Node(.mapping(mount), at: place))
    }
}
