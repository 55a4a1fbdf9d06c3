public import JSON
internal import Linux

/// What a host offers Gocker and what it lacks.
public struct Diagnosis: Hashable, Sendable {
    public let findings: [Finding]

    init(findings: [Finding]) {
        self.findings = findings
    }

    init(of host: some Host, checks: [any HostCheck]) {
        findings = checks.flatMap { $0.findings(on: host) }
    }

    /// Looks at the host that this program runs on, and changes nothing there.
    ///
    /// - Parameter dataDirectory: where logs and writable layers are kept.
    public static func ofThisHost(dataDirectory: String) -> Diagnosis {
        Diagnosis(
            of: RunningHost(),
            checks: [
                CallerCheck(), KernelCheck(), SystemCallCheck(), CapabilityCheck(), NamespaceCheck(),
                UnprivilegedNamespaceCheck(), SubordinateCheck(), SeccompCheck(), OverlayCheck(), CgroupCheck(),
                DelegationCheck(), SystemdCheck(), NetworkCheck(), SecurityModuleCheck(),
                StorageCheck(path: RunDirectory.standard, contents: "what runs", least: .mebibytes(16)),
                StorageCheck(
                    path: dataDirectory, contents: "logs and writable layers", least: .mebibytes(256), holdsLayers: true
                ),
            ])
    }

    /// What keeps `gocker run` from working.
    public var obstacles: [Finding] { findings.filter { $0.verdict == .missing && $0.isEssential } }
    public var canRun: Bool { obstacles.isEmpty }
}

extension Diagnosis {
    /// For scripts.
    public var json: JSONValue {
        .object([("canRun", .boolean(canRun)), ("findings", .array(findings.map(\.json)))])
    }
}

extension Finding {
    fileprivate var json: JSONValue {
        .object([
            ("name", .string(name)), ("verdict", .string(verdict.rawValue)), ("essential", .boolean(isEssential)),
            ("text", .string(text)), ("cost", cost.map { .string($0) } ?? .null),
            ("remedy", remedy.map { .string($0) } ?? .null),
        ])
    }
}
