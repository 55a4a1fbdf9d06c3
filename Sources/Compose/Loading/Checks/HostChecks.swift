internal import JSON
internal import OrderedCollections
internal import Runtime

/// Asks the machine whether what a stack needs is there, before anything is started.
struct HostChecks {
    let host: any HostInspector

    func check(_ stack: Stack, _ model: Node, problems: inout Problems) {
        for service in stack.services.values {
            guard let node = model["services"]?[service.name.text] else { continue }
            if check(service.rootfs, node, problems: &problems) {
                let words = service.entrypoint.isEmpty ? node["command"] : node["entrypoint"]
                checkProgram(service.arguments, words ?? node, in: service.rootfs, of: service, problems: &problems)
            }
            let hooks = node["pre_start"]?.items ?? []
            // Where one could not be read it is not known which is which.
            for (hook, node) in zip(service.hooks.preStart, hooks) where hooks.count == service.hooks.preStart.count {
                let rootfs = hook.rootfs ?? service.rootfs
                if hook.rootfs != nil, !check(rootfs, node, problems: &problems) { continue }
                let directory = hook.hook.workingDirectory
                checkProgram(
                    hook.hook.command, node["command"] ?? node, in: rootfs, of: service, from: directory,
                    searchPath: hook.hook.environment["PATH"], problems: &problems)
            }
            checkMounts(node, problems: &problems)
            checkProfiles(node, problems: &problems)
            checkAppArmor(service, node, problems: &problems)
            checkTimeZone(service, node, problems: &problems)
            checkLogging(service, node, problems: &problems)
        }
    }

    private func check(_ rootfs: Rootfs, _ node: Node, problems: inout Problems) -> Bool {
        let place = node["rootfs"]?["path"]?.place ?? node.place
        switch host.kind(ofPath: rootfs.path) {
        case .directory:
            return true
        case .absent:
            problems.error("the rootfs \"\(rootfs.path)\" does not exist", at: place)
        case .file, .other:
            problems.error("the rootfs \"\(rootfs.path)\" is not a directory", at: place)
        }
        return false
    }

    /// - Parameters:
    ///   - words: where the arguments are in the file.
    ///   - directory: where the program starts; nil for where the service does.
    ///   - searchPath: the `PATH` that it has; nil for the service's.
    private func checkProgram(
        _ arguments: [String], _ words: Node, in rootfs: Rootfs, of service: Service, from directory: String? = nil,
        searchPath: String? = nil, problems: inout Problems
    ) {
        let directory = directory ?? service.workingDirectory
        let path = searchPath.map { $0.split(separator: ":").map(String.init) } ?? service.searchPath
        guard let name = arguments.first, !mayBeMounted(name, service, directory, path) else { return }
        let place = words.items?.first?.place ?? words.place
        switch host.executable(name, searchPath: path, workingDirectory: directory, inRootfs: rootfs.path) {
        case .found, .unknown:
            break
        case .absent:
            let searched = name.contains("/") ? "" : " (searched \(path.joined(separator: ":")))"
            problems.error("no program \"\(name)\" in the rootfs \"\(rootfs.path)\"\(searched)", at: place)
        case .notExecutable:
            problems.error("\"\(name)\" in the rootfs \"\(rootfs.path)\" is not executable", at: place)
        }
    }

    /// Whether the program could come from a mount rather than from the root file system.
    private func mayBeMounted(
        _ name: String, _ service: Service, _ directory: String, _ searchPath: [String]
    ) -> Bool {
        let places = name.contains("/") ? [Path.resolve(name, against: directory)] : searchPath
        let targets = service.mounts.map(\.target) + service.tmpfs.map(\.target)
        return targets.contains { target in
            places.contains { Path.contains(target, $0) || Path.contains($0, target) }
        }
    }

    private func checkMounts(_ node: Node, problems: inout Problems) {
        for mount in node["volumes"]?.items ?? [] where mount["bind"]?["create_host_path"]?.boolean == false {
            guard let source = mount["source"]?.string, case .absent = host.kind(ofPath: source) else { continue }
            problems.error("there is no \"\(source)\" to mount", at: mount["source"]?.place)
        }
    }

    private func checkTimeZone(_ service: Service, _ node: Node, problems: inout Problems) {
        guard let name = service.schedule?.timeZone, name != "UTC" else { return }
        let place = node["schedule"]?["timezone"]?.place
        switch TimeZoneRules.path(of: name).map({ host.read($0, atMost: 1 << 20) }) {
        case .success(let bytes)? where TimeZoneRules(file: bytes) != nil: break
        case .success?: problems.error("the time zone \"\(name)\" of this machine is damaged", at: place)
        case .failure?, nil:
            problems.error(
                "there is no time zone \"\(name)\" below \(TimeZoneRules.directory): write one such as Europe/Berlin, "
                    + "or install tzdata", at: place)
        }
    }

    private func checkLogging(_ service: Service, _ node: Node, problems: inout Problems) {
        let path: String
        switch service.logging.driver {
        case .journald: path = JournalSender.standardSocket
        case .syslog(let options):
            guard case .unix(let socket) = options.address else { return }
            path = socket
        case .local, .jsonFile, .none: return
        }
        guard case .absent = host.kind(ofPath: path) else { return }
        problems.error(
            "the logging driver \"\(service.logging.driverName)\" needs the socket \(path), and nobody listens there",
            at: node["logging"]?["driver"]?.place ?? node.place)
    }

    private func checkAppArmor(_ service: Service, _ node: Node, problems: inout Problems) {
        guard let profile = service.rights.appArmorProfile, profile != "unconfined", !hasAppArmor else { return }
        let item = node["security_opt"]?.items?.last { $0.string?.hasPrefix("apparmor") == true }
        problems.error(
            "\"apparmor=\(profile)\" cannot hold: this machine does without AppArmor; leave it out",
            at: item?.place ?? node.place)
    }

    /// See apparmor(7).
    private var hasAppArmor: Bool {
        guard case .success(let bytes) = host.read("/sys/module/apparmor/parameters/enabled", atMost: 16) else {
            return false
        }
        return bytes.first == UInt8(ascii: "Y")
    }

    private func checkProfiles(_ node: Node, problems: inout Problems) {
        for item in node["security_opt"]?.items ?? [] {
            guard let text = item.string, case .file(let path)? = SeccompOption(securityOption: text) else { continue }
            switch host.read(path, atMost: 1 << 20) {
            case .failure(.absent): problems.error("there is no seccomp profile \"\(path)\"", at: item.place)
            case .failure: problems.error("the seccomp profile \"\(path)\" cannot be read", at: item.place)
            case .success(let bytes):
                do {
                    _ = try SeccompSpec(json: try JSONReader.read(bytes))
                } catch {
                    problems.error("\"\(path)\": \(error)", at: item.place)
                }
            }
        }
    }
}
