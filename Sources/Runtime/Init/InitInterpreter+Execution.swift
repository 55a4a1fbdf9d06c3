internal import Linux

extension InitInterpreter {
    /// By a descriptor that no link of `/proc` led to: one that this process has open is no way anywhere.
    func enterDirectory(_ path: String) throws(SystemError) {
        let root = try FileDescriptor.open("/", [.path, .directory])
        do {
            try enter(path, in: root)
        } catch  where error.errno == .noSuchFileOrDirectory {
            _ = try root.makeDirectoriesInRoot(path)
            try enter(path, in: root)
        }
        // A directory that only a leaked descriptor could lead to has no path from here (CVE-2024-21626).
        _ = try workingDirectory()
    }

    private func enter(_ path: String, in root: borrowing FileDescriptor) throws(SystemError) {
        do {
            try root.openInRoot(path, [.path, .directory]).makeWorkingDirectory()
        } catch {
            throw SystemError("chdir", path, error.errno)
        }
    }

    func assume(_ identity: Identity) throws(SystemError) {
        try setKeepCapabilities(true)
        if identity.user != 0 { giveStandardStreams(to: identity) }
        try Linux.assume(identity)
        try setKeepCapabilities(false)
    }

    /// Programs open `/dev/stdout` again, which the kernel checks like any open: a pipe must belong to the user. Other
    /// kinds of files are the caller's, and stay so.
    private func giveStandardStreams(to identity: Identity) {
        for number in CInt(0)...2 {
            guard let stream = try? FileDescriptor.duplicate(number), let status = try? stream.status(),
                status.kind == .fifo
            else { continue }
            try? stream.setOwner(identity.user, group: identity.group)
        }
    }

    func dieWithParent() throws(SystemError) {
        try setParentDeathSignal(.kill)
        // A parent that is gone already sends no signal any more. While it lives, it sends nothing here.
        guard try readableDescriptors(among: [control.number], wait: false).isEmpty else { exitImmediately(125) }
    }

    func announce(_ command: [String]) throws(SystemError) {
        let line = "Running [\(command.joined(separator: " "))] as \(ownProcessID)\n"
        try FileDescriptor.duplicate(2).writeAll(line.utf8)
    }

    func setCapabilities(_ sets: CapabilitySets) throws(SystemError) {
        try Linux.setCapabilities(
            effective: sets.effective, permitted: sets.permitted, inheritable: sets.inheritable, ambient: sets.ambient)
    }

    func prepareExecution(_ first: UInt32) throws(SystemError) {
        // A filter of the payload's own may forbid it.
        try? control.writeAll([ControlMessage.executionMark])
        try closeAtExec(from: first)
        resetSignals()
    }

    func findCommand(_ arguments: [String], _ environment: [String]) throws(SystemError) {
        guard let command = arguments.first, !command.isEmpty else {
            throw SystemError("exec", "an empty command", .noSuchFileOrDirectory)
        }
        try Self.look(for: command, environment) { (path) throws(SystemError) in
            try checkExecutable(path)
            // To execute a directory is to enter it.
            if try FileStatus.of(path).kind == .directory { throw SystemError("exec", path, .permissionDenied) }
        }
    }

    /// Does not return where it succeeds. A filter may be in force by now, so that nothing but execve is called.
    func execute(_ arguments: [String], _ environment: [String]) throws(SystemError) {
        guard let command = arguments.first, !command.isEmpty else {
            throw SystemError("exec", "an empty command", .noSuchFileOrDirectory)
        }
        try Self.look(for: command, environment) { (path) throws(SystemError) in
            throw Linux.execute(path, arguments: arguments, environment: environment)
        }
    }

    /// Tries the paths that `command` may mean, one after the other, as execvp(3) does.
    private static func look(
        for command: String, _ environment: [String], _ attempt: (String) throws(SystemError) -> Void
    ) throws(SystemError) {
        guard !command.contains("/") else { return try attempt(command) }
        let path = environment.first { $0.hasPrefix("PATH=") }?.dropFirst("PATH=".count) ?? ""
        var failure = SystemError("exec", "\"\(command)\": executable file not found in $PATH", .noSuchFileOrDirectory)
        for directory in path.split(separator: ":", omittingEmptySubsequences: false) {
            do throws(SystemError) {
                return try attempt(directory.isEmpty ? "./\(command)" : "\(directory)/\(command)")
            } catch {
                switch error.errno {
                case .noSuchFileOrDirectory, .notDirectory: continue
                case .permissionDenied: failure = error
                default: throw error
                }
            }
        }
        throw failure
    }
}
