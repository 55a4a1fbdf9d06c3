/// Checks that no two services of those that are to run are called the same by their `container_name`.
enum ContainerNames {
    static func check(_ model: Node, problems: inout Problems) {
        var owners: [String: (service: String, place: SourceRange)] = [:]
        for (service, entry) in model["services"]?.mapping ?? Mapping() {
            guard let node = entry.value["container_name"], let name = node.string, !name.isEmpty else { continue }
            guard let owner = owners[name] else {
                owners[name] = (service, node.place)
                continue
            }
            problems.error(
                "the container name \"\(name)\" is already in use by service \"\(owner.service)\"", at: node.place,
                notes: [Diagnostic.Note(message: "here", place: owner.place)])
        }
    }
}
