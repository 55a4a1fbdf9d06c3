internal import Linux

extension InitInterpreter {
    func enterDirectory(_ path: String) throws(SystemError) {
        do {
            try changeWorkingDirectory(to: path)
        } catch  where error.errno == .noSuchFileOrDirectory {
            try makeDirectories(path)
            try changeWorkingDirectory(to: path)
        }
        // A directory that only a leaked descriptor could lead to has no path from here (CVE-2024-21626).
        _ = try workingDirectory()
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

    func prepareExecution() throws(SystemError) {
        try closeAtExec(from: 3)
        resetSignals()
    }

    /// Does not return where it succeeds. A filter may be in force by now, so that nothing but execve is called. A command without a slash is looked up as execvp(3) does.
    func execute(_ arguments: [String], _ environment: [String]) throws(SystemError) {
        guard let command = arguments.first, !command.isEmpty else {
            throw SystemError("exec", "an empty command", .noSuchFileOrDirectory)
        }
        guard !command.contains("/") else {
            throw Linux.execute(command, arguments: arguments, environment: environment)
        }

        let path = environment.first { $0.hasPrefix("PATH=") }?.dropFirst("PATH=".count) ?? ""
        var failure = SystemError("exec", "\"\(command)\": executable file not found in $PATH", .noSuchFileOrDirectory)
        for directory in path.split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = directory.isEmpty ? "./\(command)" : "\(directory)/\(command)"
            let error = Linux.execute(candidate, arguments: arguments, environment: environment)
            switch error.errno {
            case .noSuchFileOrDirectory, .notDirectory: continue
            case .permissionDenied: failure = error
            default: throw error
            }
        }
        throw failure
    }
}
