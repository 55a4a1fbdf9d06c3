/// The parts of a stack, by name.
extension StackDocument {
    /// The names of the volumes in alphabetical order.
    public var volumes: [String] { names("volumes") }

    /// The names of the networks in alphabetical order.
    public var networks: [String] { names("networks") }

    /// The profiles that services are in, in alphabetical order.
    public var profiles: [String] {
        let profiles = definitions.flatMap { $0["profiles"]?.items?.compactMap(\.string) ?? [] }
        return Set(profiles).sorted()
    }

    /// The images that services run, in alphabetical order; one that is built and has no name is named after its service.
    public var images: [String] {
        let images = (model["services"]?.mapping ?? Mapping()).compactMap { service, entry -> String? in
            if let image = entry.value["image"]?.string, !image.isEmpty { return image }
            return entry.value["build"] == nil ? nil : "\(name)-\(service)"
        }
        return Set(images).sorted()
    }

    /// The fingerprint of a service, if there is one of that name.
    public func fingerprint(ofService name: String) -> Fingerprint? {
        (model["services"]?[name]).map { Fingerprint(of: $0) }
    }

    private var definitions: some Sequence<Node> { (model["services"]?.mapping ?? Mapping()).values }

    private func names(_ kind: String) -> [String] {
        model[kind]?.mapping?.keys.sorted() ?? []
    }
}
