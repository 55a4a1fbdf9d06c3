import JSON
import Linux
import Testing

extension OCIRuntime {
    /// Whether it is Gocker, whose sentences and files these tests know.
    static let isOwn = isUsable && version.hasPrefix("gocker version")
    static let ownReason = "\(reason), and the runtime to be Gocker"
}

extension Container {
    /// What a runtime is told to make it.
    func arguments(_ verb: String, _ options: String...) -> [String] {
        ["--root", stateRoot, verb, "--bundle", bundle] + options + [id]
    }

    /// Processes that have to do with it: they are in its cgroups, have a file of its open, or see its root.
    func processes() throws -> [Int32] {
        let own = Cgroups.processes(of: cgroupName)
        return try directoryEntries("/proc").compactMap { Int32($0) }.filter { process in
            if own.contains(process) { return true }
            guard process != ownProcessID else { return false }
            let descriptors = (try? directoryEntries("/proc/\(process)/fd")) ?? []
            let files = descriptors.compactMap { try? readSymbolicLink("/proc/\(process)/fd/\($0)") }
            if files.contains(where: { $0.hasPrefix("\(stateRoot)/") }) { return true }
            return ((try? readText("/proc/\(process)/mountinfo")) ?? "").contains("\(bundle)/rootfs ")
        }
    }

    /// Whether `state` says something that can be, whatever has happened to the container. Kernels without `cgroup.kill`
    /// have it frozen while its processes are killed.
    func expectSaneState(_ comment: String) throws {
        let outcome = try runtime("state", id)
        if outcome.succeeded {
            let status = try JSONValue.read(outcome.output)["status"]?.text ?? ""
            #expect(["creating", "created", "running", "paused", "stopped"].contains(status), "\(comment): \(status)")
        } else {
            #expect(outcome.errors.contains("does not exist"), "\(comment): \(outcome.report)")
        }
    }

    /// Deletes it by force, after which there must be nothing.
    func expectCleanDeletion(_ comment: String) throws {
        let outcome = try runtime("delete", "--force", id)
        #expect(outcome.succeeded, "\(comment): \(outcome.report)")
        try expectNothing(comment)
    }

    /// Nothing of it is left: no process, no cgroup, no mount, no file.
    func expectNothing(_ comment: String) throws {
        #expect(try eventually(within: .seconds(5)) { try processes().isEmpty }, "\(comment): processes are left")
        #expect(try leftovers() == [], "\(comment)")
        #expect(try directoryEntries(stateRoot) == [], "\(comment)")
    }
}

extension Program.Outcome {
    /// One sentence of gocker's own on standard error, which has all of `words`; and an exit code that says so.
    func expectSentence(_ words: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(!succeeded, "\(report)", sourceLocation: sourceLocation)
        guard case .exited = status else {
            Issue.record("\(report)", sourceLocation: sourceLocation)
            return
        }
        let sentences = errors.split(separator: "\n").filter { !$0.hasPrefix("gocker: warning:") }
        #expect(sentences.count == 1, "\(report)", sourceLocation: sourceLocation)
        #expect(sentences.first?.hasPrefix("gocker: ") == true, "\(report)", sourceLocation: sourceLocation)
        for word in words { #expect(errors.contains(word), "\(report)", sourceLocation: sourceLocation) }
    }
}
