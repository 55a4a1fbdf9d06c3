/// Lifts what stands under `x-gocker` to where it means something.
///
/// Other Compose tools refuse a file with keys that they do not know, but skip everything that begins with `x-`. So each
/// of Gocker's own keys may be written as `x-gocker: {rootfs: …}` too.
enum OwnKeys {
    static let container = "x-gocker"

    static func lift(inService name: String, _ service: Node, problems: inout Problems) -> Node {
        guard var mapping = service.mapping, let entry = mapping.entry(container) else { return service }
        guard let own = entry.value.mapping else {
            problems.error("expected a mapping for \"\(container)\" in service \"\(name)\"", at: entry.value.place)
            return service
        }
        mapping.remove(container)
        for (key, entry) in own {
            guard Table.own.contains(key) else {
                let suggestion = NearestName.find(key, among: Table.own)
                let message = "unknown key \"\(key)\" in \"\(container)\" of service \"\(name)\""
                problems.error(message, at: entry.key, suggestion: suggestion)
                continue
            }
            guard let other = mapping.entry(key) else {
                mapping.set(key, entry.value, at: entry.key)
                continue
            }
            if other.value != entry.value {
                problems.error(
                    "\"\(key)\" of service \"\(name)\" is set differently here than under \"\(container)\"",
                    at: other.key, notes: [Diagnostic.Note(message: "and here", place: entry.key)]
                )
            }
        }
        return service.with(.mapping(mapping))
    }
}
