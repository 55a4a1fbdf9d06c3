/// The older spelling of something that is made elsewhere, `external: {name: NAME}`, in the new one.
enum ExternalName {
    static func lift(_ resource: inout Mapping, problems: inout Problems) {
        guard let entry = resource.entry("external"), let table = entry.value.mapping else { return }
        resource.update("external", .boolean(true, at: entry.value.place))
        guard let name = table.entry("name") else { return }
        problems.warning("\"external.name\" is deprecated: set \"name\" and \"external: true\"", at: name.key)
        if let other = resource.entry("name") {
            guard other.value != name.value else { return }
            problems.error(
                "\"name\" and \"external.name\" differ", at: name.key,
                notes: [Diagnostic.Note(message: "and here", place: other.key)]
            )
        } else {
            resource.set("name", name.value, at: name.key)
        }
    }
}
