/// The short form of a device: `SOURCE[:TARGET[:PERMISSIONS]]`.
struct DeviceText: Equatable {
    let source: String
    let target: String
    let permissions: String

    static func parse(_ text: String) -> DeviceText? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 3 else { return nil }
        let target = parts.count > 1 && !parts[1].isEmpty ? parts[1] : parts[0]
        return DeviceText(source: parts[0], target: target, permissions: parts.count > 2 ? parts[2] : "rwm")
    }

    func node(at place: SourceRange) -> Node {
        var device = Mapping()
        device.set("source", .string(source, at: place), at: place)
        device.set("target", .string(target, at: place), at: place)
        device.set("permissions", .string(permissions, at: place), at: place)
        return Node(.mapping(device), at: place)
    }
}
