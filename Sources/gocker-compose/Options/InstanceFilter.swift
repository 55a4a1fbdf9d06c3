internal import ArgumentParser
internal import Compose

/// What `ps` is to show: `status=running`, `service=web`, `name=web-1`.
struct InstanceFilter: ExpressibleByArgument {
    enum Kind: String, CaseIterable {
        case status, service, name
    }

    let kind: Kind
    let value: String

    init(kind: Kind, value: String) {
        self.kind = kind
        self.value = value
    }

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        self.init(kind: kind, value: String(parts[1]))
    }

    /// Whether an instance passes: one filter of each kind is enough.
    static func all(_ filters: [InstanceFilter], match instance: InstanceReport) -> Bool {
        Kind.allCases.allSatisfy { kind in
            let wanted = filters.filter { $0.kind == kind }.map(\.value)
            guard !wanted.isEmpty else { return true }
            return switch kind {
            case .status: wanted.contains(instance.row.state) || wanted.contains(instance.dockerState)
            case .service: wanted.contains(instance.row.service)
            case .name: wanted.contains(instance.row.name)
            }
        }
    }
}
