internal import OrderedCollections

extension Stack {
    /// The services in the order of the file.
    public var allServices: [Service] { Array(services.values) }

    /// The service of a name; nil where there is none.
    public func service(named name: String) -> Service? { ServiceName(name).flatMap { services[$0] } }
}
