internal import Linux

// Writes to /proc go through a procfs of our own that is mounted nowhere: nothing the container or its mounts put in the
// place of /proc is asked (CVE-2019-16884, CVE-2025-52881).

extension InitInterpreter {
    func setSystemControls(_ settings: [SystemControl]) throws(SystemError) {
        let processes = try ownProcesses()
        for setting in settings {
            try write(setting.value, to: "sys/\(setting.path)", in: processes, named: setting.key)
        }
    }

    func setSecurityLabel(_ file: String, _ label: String) throws(SystemError) {
        do {
            try write(label, to: "self/attr/\(file)", in: try ownProcesses(), named: "the security label")
        } catch {
            let isUnknown = file == "apparmor/exec" && error.errno == .noSuchFileOrDirectory
            throw SystemError(
                error.call, "\(error.subject) \"\(label)\"" + (isUnknown ? ", which AppArmor has not loaded" : ""),
                error.errno)
        }
    }

    private func ownProcesses() throws(SystemError) -> FileDescriptor {
        try DetachedMount(fileSystem: "proc", options: "", flags: [.noSetUserID, .noDevices, .noExecution])
            .intoDescriptor()
    }

    private func write(
        _ text: String, to path: String, in processes: borrowing FileDescriptor, named name: String
    ) throws(SystemError) {
        do {
            let file = try processes.openInRoot(path, [.write, .noFollow])
            _ = try file.write(Array(text.utf8))
        } catch {
            throw SystemError("set", name, error.errno)
        }
    }
}

extension SystemControl {
    /// Below `/proc/sys`. A key that begins with a slash-separated part may have dots in its parts, as names of network
    /// interfaces do. See sysctl(8).
    var path: String {
        let firstSeparator = key.first { $0 == "." || $0 == "/" }
        guard firstSeparator == "." else { return key }
        return String(key.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
    }
}
