public import Linux

/// Which lines somebody wants to see.
public struct LogQuery {
    /// Services, or instances; none for all.
    public var services: [String] = []
    /// Only the instances with this number.
    public var index: Int?
    /// Only so many of the last lines of each instance that are wanted otherwise.
    public var tail: Int?
    /// Only lines from then on.
    public var since: WallTime?
    /// Only lines until then.
    public var until: WallTime?
    /// Only lines in which this is found.
    public var pattern: RegularExpression?

    public init() {}

    func wants(_ line: LogLine) -> Bool {
        if let since, line.time < since { return false }
        if let until, until < line.time { return false }
        if let pattern, !pattern.matches(line.text) { return false }
        return true
    }

    func wants(instance: String) -> Bool {
        let parts = LogQuery.parts(of: instance)
        if let index, parts.number != index { return false }
        return services.isEmpty || services.contains(parts.service) || services.contains(instance)
    }

    /// What the name of an instance is made of.
    public static func parts(of instance: String) -> (service: String, number: Int?) {
        guard let dash = instance.lastIndex(of: "-") else { return (instance, nil) }
        return (String(instance[..<dash]), Int(instance[instance.index(after: dash)...]))
    }
}
