/// Lifts what stands under `x-gocker` to where it means something.
///
/// Other Compose tools refuse a file with keys that they do not know, but skip everything that begins with `x-`. So each
/// of Gocker's own keys may be written as `x-gocker: {rootfs: …}` too.
enum OwnKeys {
    static let container = "x-gocker"

    static func lift(inService name: String, _ service: Node, problems: inout Problems) -> Node {
        lift(Table.own, of: "service \"\(name)\"", service, problems: &problems)
            .mappingChild("pre_start") { hooks in
                hooks.mapItems {
                    lift(Table.ownOfHook, of: "a \"pre_start\" of service \"\(name)\"", $0, problems: &problems)
                }
            }
    }

    private static func lift(
        _ known: Set<String>, of owner: String, _ node: Node, problems: inout Problems
    ) -> Node {
        guard var mapping = node.mapping, let entry = mapping.entry(container) else { return node }
        guard let own = entry.value.mapping else {
            problems.error("expected a mapping for \"\(container)\" in \(owner)", at: entry.value.place)
            return node
        }
        mapping.remove(container)
        for (key, entry) in own {
            guard known.contains(key) else {
                let suggestion = NearestName.find(key, among: known)
                let message = "unknown key \"\(key)\" in \"\(container)\" of \(owner)"
                problems.error(message, at: entry.key, suggestion: suggestion)
                continue
            }
            guard let other = mapping.entry(key) else {
                mapping.set(key, entry.value, at: entry.key)
                continue
            }
            if other.value != entry.value {
                problems.error(
                    "\"\(key)\" of \(owner) is set differently here than under \"\(container)\"",
                    at: other.key, notes: [Diagnostic.Note(message: "and here", place: entry.key)]
                )
            }
        }
        return node.with(.mapping(mapping))
    }
}
