internal import Linux
internal import Runtime

/// What it may do.
extension ServiceReader {
    mutating func readRights() -> ServiceRights {
        var rights = ServiceRights()
        rights.isPrivileged = node["privileged"]?.boolean ?? false
        // As with Docker, unless the file names a profile.
        if rights.isPrivileged { rights.seccomp = .unconfined }
        readSecurityOptions(&rights)
        for item in node["cap_add"]?.items ?? [] {
            guard let name = item.string, !rights.capabilities.add(name) else { continue }
            refuseCapability(name, at: item.place)
        }
        for item in node["cap_drop"]?.items ?? [] {
            guard let name = item.string, !rights.capabilities.drop(name) else { continue }
            refuseCapability(name, at: item.place)
        }
        rights.groups = readGroups()
        rights.devices = readDevices()
        for item in node["device_cgroup_rules"]?.items ?? [] {
            guard let text = item.string else { continue }
            if let rule = ServiceDeviceRule(text) {
                rights.deviceRules.append(rule)
            } else {
                refuse("device_cgroup_rules", "a rule such as \"c 189:* rwm\"", found: text, at: item.place)
            }
        }
        return rights
    }

    private mutating func refuseCapability(_ name: String, at place: SourceRange) {
        let known = Capability.allCases.map { String($0.name.dropFirst("CAP_".count)) } + ["ALL"]
        problems.error(
            "there is no capability \"\(name)\": write one of capabilities(7), or ALL", at: place,
            suggestion: NearestName.find(name.uppercased(), among: known))
    }

    private mutating func readGroups() -> [String] {
        (node["group_add"]?.items ?? []).compactMap { item in
            guard let text = item.string ?? item.integer.map({ String($0) }) else { return nil }
            if UserSpecifier.Reference(text) == nil {
                refuse("group_add", "the name or the number of a group", found: text, at: item.place)
            }
            return text
        }
    }

    private mutating func readDevices() -> [ServiceDevice] {
        (node["devices"]?.items ?? []).compactMap { device in
            guard let source = device["source"]?.string else { return nil }
            let place = device["source"]?.place ?? device.place
            guard Path.isAbsolute(source) else {
                let isClass = source.contains("=")
                refuse(
                    "devices", isClass ? "a path (device classes are not to be had)" : "an absolute path",
                    found: source, at: place)
                return nil
            }
            let target = device["target"]?.string ?? source
            if !Path.isAbsolute(target) {
                refuse("devices", "an absolute path as the target", found: target, at: place)
            }
            let permissions = device["permissions"]?.string ?? "rwm"
            if !ServiceDeviceRule.isPermissions(permissions) {
                refuse("devices", "permissions of r, w and m", found: permissions, at: device["permissions"]?.place)
            }
            return ServiceDevice(
                source: Path.normalize(source), target: Path.normalize(target), permissions: permissions)
        }
    }

    /// `no-new-privileges` is on, and `seccomp` the standard profile, unless the file says otherwise.
    private mutating func readSecurityOptions(_ rights: inout ServiceRights) {
        for item in node["security_opt"]?.items ?? [] {
            guard let text = item.string else { continue }
            if let option = SeccompOption(securityOption: text) {
                rights.seccomp = option
                continue
            }
            let (name, value) = Spelling.cut(text.replacing("=", with: ":"), ":")
            switch (name, value) {
            case ("no-new-privileges", nil), ("no-new-privileges", "true"): rights.noNewPrivileges = true
            case ("no-new-privileges", "false"): rights.noNewPrivileges = false
            case ("apparmor", let profile?) where !profile.isEmpty: rights.appArmorProfile = String(profile)
            case ("label", "disable"): break
            case ("label", _):
                problems.error("labels of SELinux are not set: leave \"\(text)\" out", at: item.place)
            case ("systempaths", "unconfined"): rights.showsKernel = true
            default:
                problems.error(
                    "there is no security option \"\(text)\": known are no-new-privileges, seccomp=, apparmor=, "
                        + "label=disable and systempaths=unconfined", at: item.place)
            }
        }
    }
}
