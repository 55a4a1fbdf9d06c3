/// Checks what volumes, secrets, configs, ports and devices say of themselves: keys that exclude each other.
enum Resources {
    static func check(_ model: Node, problems: inout Problems) {
        for (name, entry) in model["volumes"]?.mapping ?? Mapping() {
            checkExternal(name, entry.value, problems: &problems)
        }
        for (name, entry) in model["configs"]?.mapping ?? Mapping() {
            checkSource("config", name, entry, ["file", "environment", "content"], problems: &problems)
        }
        for (name, entry) in model["secrets"]?.mapping ?? Mapping() {
            checkSource("secret", name, entry, ["file", "environment"], problems: &problems)
        }
        for (_, entry) in model["services"]?.mapping ?? Mapping() {
            checkAddresses(entry.value, problems: &problems)
            checkDevices(entry.value, problems: &problems)
            checkTargets(entry.value, problems: &problems)
        }
    }

    /// A volume that is made elsewhere cannot be told here how to be made.
    private static func checkExternal(_ name: String, _ volume: Node, problems: inout Problems) {
        guard volume["external"]?.boolean == true else { return }
        for (key, entry) in volume.mapping ?? Mapping()
        where !["name", "external"].contains(key) && !Table.volume.isExtension(key) {
            let message = "volume \"\(name)\" is external, so \"\(key)\" cannot be set here"
            problems.error(message, at: entry.key)
        }
    }

    private static func checkSource(
        _ kind: String, _ name: String, _ entry: Mapping.Entry, _ keys: [String], problems: inout Problems
    ) {
        guard let mapping = entry.value.mapping else { return }
        let places = keys.compactMap { mapping.place(ofKey: $0) }
        let list = keys.map { "\"\($0)\"" }.joined(separator: " or ")
        if places.count > 1 {
            let notes = places.dropFirst().map { Diagnostic.Note(message: "and here", place: $0) }
            problems.error("\(kind) \"\(name)\" can have only one of \(list)", at: places[0], notes: notes)
        } else if places.isEmpty, mapping["external"] == nil {
            problems.error("\(kind) \"\(name)\" needs \(list)", at: entry.key)
        }
    }

    private static func checkAddresses(_ service: Node, problems: inout Problems) {
        for port in service["ports"]?.items ?? [] {
            guard let host = port["host_ip"], let text = host.string, !IPAddress.isValid(text) else { continue }
            problems.error("\"\(text)\" is no IP address", at: host.place)
        }
    }

    private static func checkDevices(_ service: Node, problems: inout Problems) {
        let reserved = service["deploy"]?["resources"]?["reservations"]?["devices"]?.items ?? []
        for device in (service["gpus"]?.items ?? []) + reserved {
            guard let count = device.mapping?.place(ofKey: "count"), device["device_ids"] != nil else { continue }
            problems.error("a device can have only one of \"count\" and \"device_ids\"", at: count)
        }
    }

    private static func checkTargets(_ service: Node, problems: inout Problems) {
        for volume in service["volumes"]?.items ?? [] where volume.mapping != nil && volume["target"] == nil {
            problems.error("a mount needs a \"target\"", at: volume.place)
        }
        for watch in service["develop"]?["watch"]?.items ?? [] where watch["path"]?.string == "" {
            problems.error("the path to watch is empty", at: watch["path"]?.place ?? watch.place)
        }
    }
}
