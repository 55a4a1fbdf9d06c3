/// The spellings of one value, each brought into the form that can be merged. What is in none of them stays as it is,
/// for the validator to tell.
enum Spelling {
    /// One item, or a list of them, as a list.
    static func list(_ node: Node) -> Node {
        node.scalar == nil || node.isNull ? node : node.with(.sequence([node]))
    }

    /// A text that stands for a table, as the table.
    static func table(_ node: Node, key: String) -> Node {
        guard node.string != nil else { return node }
        var mapping = Mapping()
        mapping.set(key, node, at: node.place)
        return node.with(.mapping(mapping))
    }

    /// A list of names as the mapping that it stands for.
    static func named(_ node: Node, _ listed: Shape.Listed) -> Node {
        guard let items = node.items else { return node }
        var mapping = Mapping()
        for item in items {
            guard let name = item.string else { return node }
            mapping.set(name, value(listed, at: item.place), at: item.place)
        }
        return node.with(.mapping(mapping))
    }

    private static func value(_ listed: Shape.Listed, at place: SourceRange) -> Node {
        switch listed {
        case .null: return .null(at: place)
        case .dependency:
            var mapping = Mapping()
            mapping.set("condition", .string("service_started", at: place), at: place)
            mapping.set("required", .boolean(true, at: place), at: place)
            return Node(.mapping(mapping), at: place)
        }
    }

    /// A list of `NAME=value` as a mapping; a name alone has no value.
    static func variables(_ node: Node) -> Node {
        guard let items = node.items else { return node }
        var mapping = Mapping()
        for item in items {
            guard let text = item.string else { return node }
            let (name, value) = cut(text, "=")
            let content = value.map { Node.Content.scalar(Scalar(String($0))) } ?? .scalar(Scalar("", .null))
            mapping.set(String(name), item.with(content), at: item.place)
        }
        return node.with(.mapping(mapping))
    }

    /// Hosts as a list of `name=address`, in the order of the file.
    static func hosts(_ node: Node) -> [Node] {
        guard let mapping = node.mapping else { return node.items ?? [] }
        return mapping.flatMap { name, entry in
            (entry.value.items ?? [entry.value]).map { address in
                address.with(.scalar(Scalar("\(name)=\(address.scalar?.display ?? "")")))
            }
        }
    }

    /// The text before and behind a separator; nothing behind it where there is none.
    static func cut(_ text: String, _ separator: Character) -> (Substring, Substring?) {
        guard let index = text.firstIndex(of: separator) else { return (text[...], nil) }
        return (text[..<index], text[text.index(after: index)...])
    }
}
