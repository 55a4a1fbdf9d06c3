/// Where in a stack a value is, for people: `healthcheck.test[1]` in service "web".
struct ModelPath: Sendable {
    private var steps: [String] = []

    mutating func enter(_ key: String) { steps.append(key) }
    mutating func enter(index: Int) { steps.append("[\(index)]") }
    mutating func leave() { steps.removeLast() }

    /// What the value is called.
    var name: String {
        let local = steps.dropFirst(ownerLength)
        guard !local.isEmpty else { return owner }
        return "\"" + Self.join(local) + "\"" + (ownerLength > 0 ? " in \(owner)" : "")
    }

    /// What a key is said to be in: `service "web"`, or `"healthcheck" of service "web"`.
    var container: String {
        let local = steps.dropFirst(ownerLength)
        guard !local.isEmpty else { return owner }
        return "\"" + Self.join(local) + "\"" + (ownerLength > 0 ? " of \(owner)" : "")
    }

    /// The service, network, … that the value belongs to.
    private var owner: String {
        guard ownerLength > 0 else { return "the stack file" }
        let kind = steps[0].hasSuffix("s") ? steps[0].dropLast() : steps[0][...]
        return "\(kind) \"\(steps[1])\""
    }

    private var ownerLength: Int {
        guard steps.count >= 2, case .map? = Table.stack[steps[0]]?.shape else { return 0 }
        return 2
    }

    private static func join(_ steps: ArraySlice<String>) -> String {
        var text = ""
        for step in steps {
            text += text.isEmpty || step.hasPrefix("[") ? step : ".\(step)"
        }
        return text
    }
}
