/// A root file system that has to become an image before another engine can run what is in it.
public struct ExportedImage: Hashable, Sendable {
    /// The directory. Absolute.
    public let rootfs: String
    /// What the image is called, without registry and tag: the project and the first service that runs in it.
    public let name: String
    /// The services that run in it, in alphabetical order.
    public let services: [String]
}

extension StackDocument {
    /// The images that the stack needs: one for each root file system, however many services share it.
    public var exportedImages: [ExportedImage] {
        var services: [String: [String]] = [:]
        for (service, entry) in model["services"]?.mapping ?? Mapping() {
            if let path = Self.rootfs(of: entry.value) { services[path, default: []].append(service) }
        }
        return services.map { path, services in
            let services = services.sorted()
            return ExportedImage(rootfs: path, name: "\(name)-\(services[0])", services: services)
        }.sorted { $0.name < $1.name }
    }

    /// Where a service's root file system is; nil where it has none.
    static func rootfs(of service: Node) -> String? {
        service["rootfs"]?["path"]?.string.map(Path.normalize)
    }

    /// Where the root file system is asked for.
    public func place(ofRootfs path: String) -> SourceRange? {
        for (_, entry) in model["services"]?.mapping ?? Mapping() where Self.rootfs(of: entry.value) == path {
            return entry.value["rootfs"]?["path"]?.place
        }
        return nil
    }
}
