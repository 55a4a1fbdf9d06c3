internal import JSON

extension StackPlan {
    /// For programs: an array of objects with `instance`, `action`, `changes` (of `path`, `old`, `new`, `file`, `line`)
    /// and `inPlace`.
    public var json: String {
        JSONWriter.pretty(
            .array(
                entries.map { entry in
                    [
                        "instance": .string("\(entry.instance)"), "action": .string(entry.change.rawValue),
                        "inPlace": .boolean(entry.change == .update), "changes": .array(entry.differences.map(\.json)),
                    ]
                }))
    }
}

extension StackPlan.Entry {
    /// The sign that stands before the entry for people: `+ ~ = -`.
    public var sign: String {
        switch change {
        case .create, .start: "+"
        case .update, .recreate: "~"
        case .keep, .done: "="
        case .remove, .orphan: "-"
        }
    }

    /// What happens to the instance and why, without its name.
    public var sentence: String {
        let reasons = differences.map(\.description).joined(separator: ", ")
        return switch change {
        case .create: "create"
        case .start: "start: it has ended"
        case .keep: "unchanged"
        case .done: "done, and unchanged since"
        case .update: "change limits in place (\(reasons))"
        case .recreate: reasons.isEmpty ? "recreate" : "recreate (\(reasons))"
        case .remove: "remove"
        case .orphan: "not in the stack file any more: up leaves it alone, down takes it away"
        }
    }
}

extension ServiceDifference: CustomStringConvertible {
    /// For example `environment.PORT: "80" → "8080", stack.yaml:12`.
    public var description: String {
        let change = "\(path): \(old ?? "nothing") → \(new ?? "nothing")"
        return place.map { "\(change), \($0.file.name):\($0.start.line)" } ?? change
    }

    fileprivate var json: JSONValue {
        var entries: [(key: String, value: JSONValue)] = [
            ("path", .string(path)), ("old", old.map { .string($0) } ?? .null),
            ("new", new.map { .string($0) } ?? .null),
        ]
        if let place {
            entries += [("file", .string(place.file.name)), ("line", .integer(Int64(place.start.line)))]
        }
        return .object(entries)
    }
}
