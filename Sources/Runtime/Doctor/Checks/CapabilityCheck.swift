internal import Linux

/// Whether root is all that root can be. In a container, or below a service manager that is strict, it is less.
struct CapabilityCheck: HostCheck {
    /// What fails without, and whether no container starts then.
    private static let needed: [(capability: Capability, isEssential: Bool, without: String)] = [
        (.sysAdmin, true, "no namespaces and mounts can be made"),
        (.netAdmin, false, "a network of its own has no loopback interface"),
        (
            .sysResource, false,
            "rlimits cannot be raised above the caller's, and oom_score_adj cannot be lowered"
        ),
        (.sysPtrace, false, "the namespaces of another user's process cannot be joined"),
        (.sysNice, false, "real-time scheduling and better priorities are refused"),
        (.dacReadSearch, false, "files that root has no permission for cannot be reached"),
    ]

    func findings(on host: some Host) -> [Finding] {
        // An ordinary user gets them all in a user namespace.
        guard host.isRoot else { return [] }
        let standard = Capability.allCases.filter {
            CapabilitySet.standard.contains($0) && !host.boundingSet.contains($0)
        }
        var findings: [Finding] = []
        if !standard.isEmpty {
            findings.append(
                .missing(
                    "capabilities", "not to be had: \(CapabilitySet(standard))", essential: true,
                    cost: "a container cannot be given what it has by default", remedy: Self.remedy))
        }
        for entry in Self.needed where !host.boundingSet.contains(entry.capability) {
            findings.append(
                .missing(
                    "capabilities", "not to be had: \(entry.capability.name)", essential: entry.isEssential,
                    cost: entry.without, remedy: Self.remedy))
        }
        return findings.isEmpty ? [.ok("capabilities", "all that containers are made with")] : findings
    }

    private static let remedy = "in a container, start that one with more; in a service, see CapabilityBoundingSet="
}
