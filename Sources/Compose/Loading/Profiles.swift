/// Leaves out the services that are in profiles none of which is active.
enum Profiles {
    /// A service that is named is in the stack whatever its profiles are.
    ///
    /// - Returns: the model, and the names of the services that are gone.
    static func choose(_ model: Node, _ active: [String], named: [String]) -> (Node, Set<String>) {
        var disabled: Set<String> = []
        guard !active.contains("*") else { return (model, []) }
        let chosen = model.mappingChild("services") { services in
            services.mapEntries { name, entry in
                let profiles = entry.value["profiles"]?.items?.compactMap(\.string) ?? []
                if profiles.isEmpty || named.contains(name) || profiles.contains(where: active.contains) {
                    return entry.value
                }
                disabled.insert(name)
                return nil
            }
        }
        return (chosen, disabled)
    }
}
