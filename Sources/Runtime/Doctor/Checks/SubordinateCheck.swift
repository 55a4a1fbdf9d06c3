/// Whether an ordinary user's containers can have more users and groups than one. See subuid(5), newuidmap(1).
struct SubordinateCheck: HostCheck {
    /// As many as the users and groups of an ordinary distribution need.
    private static let enough = 65536
    private static let cost = "a container of yours has one user and one group only"

    func findings(on host: some Host) -> [Finding] {
        guard !host.isRoot else { return [] }
        return ranges("subuid", host) + ranges("subgid", host) + program("newuidmap", host) + program("newgidmap", host)
    }

    private func ranges(_ file: String, _ host: some Host) -> [Finding] {
        let number = String(host.user)
        let name = Self.name(of: host.user, in: host.text("/etc/passwd") ?? "") ?? number
        let counts = (host.text("/etc/\(file)") ?? "").split(separator: "\n").compactMap { line -> Int? in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0] == name || fields[0] == number else { return nil }
            return Int(fields[2])
        }
        let sum = counts.reduce(0) { $0.addingReportingOverflow($1).partialValue }
        let option = file == "subuid" ? "--add-subuids" : "--add-subgids"
        let remedy = "usermod \(option) 100000-165535 \(name)"
        if sum == 0 {
            return [.missing(file, "none for user \(host.user) in /etc/\(file)", cost: Self.cost, remedy: remedy)]
        }
        guard sum >= Self.enough else {
            return [
                .warning(
                    file, "\(sum) for user \(host.user) in /etc/\(file)",
                    cost: "files of users with higher numbers belong to nobody", remedy: remedy)
            ]
        }
        return [.ok(file, "\(sum) for user \(host.user)")]
    }

    private func program(_ name: String, _ host: some Host) -> [Finding] {
        guard let path = host.program(name) else {
            return [.missing(name, "not installed", cost: Self.cost, remedy: "install the package uidmap")]
        }
        guard host.isPrivileged(path) else {
            return [
                .missing(
                    name, "\(path) has neither the set-user-id bit nor capabilities", cost: Self.cost,
                    remedy: "install the package uidmap anew, or chmod u+s \(path)")
            ]
        }
        return [.ok(name, path)]
    }

    /// See passwd(5).
    private static func name(of user: UInt32, in passwd: String) -> String? {
        for line in passwd.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, UInt32(fields[2]) == user { return String(fields[0]) }
        }
        return nil
    }
}
