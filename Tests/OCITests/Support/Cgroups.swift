import Linux

/// The cgroups of this machine, in any of the three layouts: version 1, version 2, or both.
enum Cgroups {
    static let isUnified = (try? FileSystemKind.of("/sys/fs/cgroup")) == .cgroup2

    /// Where each hierarchy is mounted.
    static let hierarchies: [String] = {
        if isUnified { return ["/sys/fs/cgroup"] }
        return ((try? directoryEntries("/sys/fs/cgroup")) ?? []).map { "/sys/fs/cgroup/\($0)" }.filter {
            let kind = try? FileSystemKind.of($0)
            return kind == .cgroup1 || kind == .cgroup2
        }
    }()

    /// The directories of a top-level cgroup, of those hierarchies in which it is.
    static func directories(named name: String) -> [String] {
        hierarchies.map { "\($0)/\(name)" }.filter { exists($0) }
    }

    /// Whether a controller can be used.
    static func has(_ controller: String) -> Bool {
        guard isUnified else { return hierarchies.contains("/sys/fs/cgroup/\(controller)") }
        let controllers = (try? readText("/sys/fs/cgroup/cgroup.controllers")) ?? ""
        return controllers.split { $0 == " " || $0 == "\n" }.contains { $0 == controller }
    }

    static var haveFreezer: Bool { isUnified || has("freezer") }

    /// The value of a control file of a cgroup, by the names that the two versions have for it.
    static func value(of name: String, version1 controller: String, _ file: String, version2: String) throws -> String {
        let path =
            isUnified ? "/sys/fs/cgroup/\(name)/\(version2)" : "/sys/fs/cgroup/\(controller)/\(name)/\(file)"
        var text = try readText(path)
        while text.last == "\n" { text.removeLast() }
        return text
    }

    /// The processes of a cgroup, in every hierarchy that has it.
    static func processes(of name: String) -> Set<Int32> {
        Set(
            directories(named: name).flatMap { directory in
                ((try? readText("\(directory)/cgroup.procs")) ?? "").split(separator: "\n").compactMap { Int32($0) }
            })
    }

    /// Kills what is in a cgroup and removes it: for what a runtime under test did not take away.
    static func remove(named name: String) {
        for directory in directories(named: name) {
            try? writeControlFile("\(directory)/freezer.state", "THAWED")
            for _ in 0..<200 where exists(directory) {
                for process in processes(of: name) { try? ProcessHandle(opening: process).send(.kill) }
                for child in (try? directoryEntries(directory)) ?? [] { try? removeDirectory("\(directory)/\(child)") }
                if (try? removeDirectory(directory)) == nil { try? pause(.milliseconds(10)) }
            }
        }
    }
}
