public import OrderedCollections

/// A stack, ready to run.
public struct Stack: Equatable, Sendable {
    /// The name of the project.
    public let name: ProjectName

    /// The project directory, as an absolute path.
    public let directory: String

    /// The services in the order of the file.
    public let services: OrderedDictionary<ServiceName, Service>

    /// The whole model in canonical form.
    public let document: StackDocument

    /// What secrets and configs that came from variables hold, by their digests. Never a part of the text.
    var contents: [String: [UInt8]] = [:]

    /// Whether they have the same name and equal services, wherever they were loaded from.
    public static func == (left: Stack, right: Stack) -> Bool {
        left.name == right.name && Set(left.services.keys) == Set(right.services.keys)
            && left.services.allSatisfy { right.services[$0.key] == $0.value }
    }
}

extension Stack {
    /// The services in an order to start them in: every level needs only services of the levels before it, and all of a
    /// level may start at once. To stop, go backwards.
    public var startOrder: [[ServiceName]] {
        DependencyGraph.levels(of: Array(services.keys)) { dependencies(of: $0) }
    }

    /// The services that one needs directly.
    public func dependencies(of service: ServiceName) -> [ServiceName] {
        services[service]?.dependencies.map(\.service) ?? []
    }

    /// Services with everything they need, in the order of the file.
    public func withDependencies(_ names: [ServiceName]) -> [ServiceName] {
        var kept: Set<ServiceName> = []
        var waiting = names
        while let name = waiting.popLast() {
            if kept.insert(name).inserted { waiting += dependencies(of: name) }
        }
        return services.keys.filter(kept.contains)
    }

    /// The services that need one directly.
    public func dependents(of service: ServiceName) -> [ServiceName] {
        services.values.filter { $0.dependencies.contains { $0.service == service } }.map(\.name)
    }

    /// What `config` prints: the whole model in canonical form. Loaded again, it gives an equal stack.
    public var canonicalYAML: String { document.yaml() }
}
