internal import OrderedCollections

/// One running copy of a service: `web-1`.
public struct InstanceName: Hashable, Sendable, CustomStringConvertible {
    public let service: ServiceName
    /// Counts from 1.
    public let number: Int

    public init(_ service: ServiceName, _ number: Int = 1) {
        self.service = service
        self.number = number
    }

    public var description: String { "\(service)-\(number)" }

    /// Reads what `description` writes.
    public init?(_ text: some StringProtocol) {
        guard let hyphen = text.lastIndex(of: "-"), let number = Int(text[text.index(after: hyphen)...]), number > 0,
            let service = ServiceName(String(text[..<hyphen]))
        else { return nil }
        self.init(service, number)
    }
}

extension Stack {
    /// The instances that run when the stack does, in the order of the file.
    public var instances: [InstanceName] {
        services.values.flatMap { service in (0..<service.replicas).map { InstanceName(service.name, $0 + 1) } }
    }
}
