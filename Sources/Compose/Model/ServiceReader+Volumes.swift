internal import Linux
internal import Runtime

/// The volumes and paths that it sees.
extension ServiceReader {
    /// Everything that stands under `volumes` but file systems in memory, and what comes from other services.
    struct Mounts {
        var binds: [BindMount] = []
        var volumes: [VolumeMount] = []

        fileprivate func has(_ target: String) -> Bool {
            binds.contains { $0.target == target } || volumes.contains { $0.target == target }
        }
    }

    mutating func readMounts() -> Mounts {
        var mounts = readOwnMounts()
        var visited: Set<String> = [name.text]
        addMounts(from: node, to: &mounts, &visited)
        return mounts
    }

    private mutating func readOwnMounts() -> Mounts {
        var mounts = Mounts()
        for mount in node["volumes"]?.items ?? [] where !mount.isInvalid {
            guard let target = readTarget(mount) else { continue }
            switch mount["type"]?.string {
            case "bind":
                if let bind = readBind(mount, at: target) { mounts.binds.append(bind) }
            case "volume":
                if let volume = readVolume(mount, at: target) { mounts.volumes.append(volume) }
            case "tmpfs": continue
            default:
                let kind = mount["type"]?.string ?? "such"
                problems.error("\(kind) mounts are not acted on by this version", at: mount.place)
            }
        }
        return mounts
    }

    private mutating func readBind(_ mount: Node, at target: String) -> BindMount? {
        guard let source = mount["source"]?.string, !source.isEmpty else {
            problems.error("a bind mount needs a \"source\"", at: mount.place)
            return nil
        }
        let options = mount["bind"]
        let propagation = options?["propagation"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let propagation, MountSpec.Spread(propagation) == nil || propagation.hasSuffix("unbindable") {
            refuse(
                "propagation", "private, rprivate, slave, rslave, shared or rshared", found: propagation,
                at: options?["propagation"]?.place)
        }
        let recursion = options?["recursive"]?.string.flatMap(BindMount.Recursion.init) ?? .enabled
        let isReadOnly = mount["read_only"]?.boolean ?? false
        if recursion == .readOnly, !isReadOnly {
            problems.error(
                "\"recursive: readonly\" needs \"read_only: true\"", at: options?["recursive"]?.place)
        }
        return BindMount(
            source: Path.normalize(source), target: target, isReadOnly: isReadOnly,
            createsSource: options?["create_host_path"]?.boolean ?? true, propagation: propagation,
            recursion: recursion)
    }

    private mutating func readVolume(_ mount: Node, at target: String) -> VolumeMount? {
        let options = mount["volume"]
        var source = VolumeMount.Source.anonymous(owner: nil)
        if let name = mount["source"]?.string, !name.isEmpty {
            guard let definition = resources["volumes"]?[name] else { return nil }
            guard let volume = readDefinition(name, definition) else { return nil }
            source = .named(volume)
        }
        let subpath = options?["subpath"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let subpath, Path.isAbsolute(subpath) || subpath.split(separator: "/").contains("..") {
            refuse("subpath", "a path within the volume", found: subpath, at: options?["subpath"]?.place)
        }
        return VolumeMount(
            source: source, target: target, isReadOnly: mount["read_only"]?.boolean ?? false,
            copiesContent: !(options?["nocopy"]?.boolean ?? false), subpath: subpath)
    }

    /// What the top of the file says of a volume. What is wrong with it is told once for each service that uses it, and
    /// shown once.
    private mutating func readDefinition(_ key: String, _ node: Node) -> Volume? {
        let name = node["name"]?.string ?? key
        if !Volume.isName(name) {
            problems.error(
                "\"\(name)\" cannot be the name of a volume: use letters, digits, \".\", \"_\" and \"-\"",
                at: node["name"]?.place ?? node.place)
            return nil
        }
        if let driver = node["driver"]?.string, !driver.isEmpty, driver != "local" {
            problems.error(
                "there is no driver \"\(driver)\" for volumes: leave it out, or write local", at: node["driver"]?.place)
            return nil
        }
        let labels = (node["labels"]?.mapping ?? Mapping()).map {
            Volume.Label(name: $0.key, value: $0.value.value.string ?? "")
        }
        guard let content = readContent(of: name, node["driver_opts"]) else { return nil }
        return Volume(
            name: name, content: content, isExternal: node["external"]?.boolean ?? false, labels: labels)
    }

    private mutating func readContent(of volume: String, _ options: Node?) -> Volume.Content? {
        guard let options, let mapping = options.mapping, !mapping.isEmpty else { return .directory }
        for (key, entry) in mapping where !["type", "device", "o"].contains(key) {
            problems.error(
                "the local driver has no option \"\(key)\": known are type, device and o", at: entry.key)
            return nil
        }
        func text(_ key: String) -> String { options[key]?.scalar?.text ?? "" }
        let (type, device, words) = (text("type"), text("device"), text("o").split(separator: ","))
        if words.contains("bind") || words.contains("rbind") {
            guard Path.isAbsolute(device) else {
                problems.error("the volume \"\(volume)\" needs a path for its \"device\"", at: options.place)
                return nil
            }
            return .bind(Path.normalize(device))
        }
        guard !type.isEmpty, type != "none" else {
            problems.error(
                "the volume \"\(volume)\" needs a \"type\" such as tmpfs or nfs, or \"o: bind\"", at: options.place)
            return nil
        }
        if type == "tmpfs" { return .memory(options: text("o"), isShared: uses(volume) > 1) }
        return .fileSystem(type: type, device: device.isEmpty ? type : device, options: text("o"))
    }

    /// How many containers see a volume.
    private func uses(_ volume: String) -> Int {
        services.reduce(0) { count, service in
            let node = service.value.value
            let isUsed = (node["volumes"]?.items ?? []).contains { mount in
                guard mount["type"]?.string == "volume", let key = mount["source"]?.string else { return false }
                return (resources["volumes"]?[key]?["name"]?.string ?? key) == volume
            }
            return isUsed ? count + Int(clamping: node["scale"]?.integer ?? 1) : count
        }
    }

    mutating func readTarget(_ mount: Node) -> String? {
        guard let target = mount["target"]?.string, Path.isAbsolute(target) else {
            let found = mount["target"]?.string ?? ""
            let parts = found.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let isDrive = parts.count == 2 && parts[0].count == 1 && parts[1].hasPrefix("/")
            problems.error(
                "a mount needs an absolute path as its target" + (found.isEmpty ? "" : ", found \"\(found)\"")
                    + (isDrive ? ": one letter before a colon is a drive of Windows; write a longer name" : ""),
                at: mount.place)
            return nil
        }
        return Path.normalize(target)
    }
}

// MARK: Of other services

extension ServiceReader {
    /// What `volumes_from` adds: the mounts of other services, but where there is one already.
    private mutating func addMounts(from node: Node, to mounts: inout Mounts, _ visited: inout Set<String>) {
        for item in node["volumes_from"]?.items ?? [] {
            guard let text = item.string else { continue }
            let (first, mode) = Spelling.cut(text, ":")
            guard first != "container" else {
                problems.error("\"\(text)\": only services of this stack have volumes to share", at: item.place)
                continue
            }
            guard mode == nil || mode == "ro" || mode == "rw" else {
                refuse("volumes_from", "SERVICE, SERVICE:ro or SERVICE:rw", found: text, at: item.place)
                continue
            }
            guard let entry = services.entry(String(first)), let other = ServiceName(String(first)),
                visited.insert(other.text).inserted
            else { continue }
            var reader = ServiceReader(other, entry, services: services, resources: resources)
            // What is wrong with them is told where they stand.
            var found = reader.readOwnMounts()
            reader.addMounts(from: entry.value, to: &found, &visited)
            for var bind in found.binds where !mounts.has(bind.target) {
                if mode == "ro" { bind.isReadOnly = true }
                mounts.binds.append(bind)
            }
            for var volume in found.volumes where !mounts.has(volume.target) {
                if mode == "ro" { volume.isReadOnly = true }
                if volume.source == .anonymous(owner: nil) { volume.source = .anonymous(owner: other) }
                mounts.volumes.append(volume)
            }
        }
    }
}
