internal import Linux

extension SeccompSpec {
    /// The profile as bytes: the same for equal profiles, and for no others.
    func write(to wire: inout WireWriter) {
        defaultAction.write(to: &wire)
        wire.write(architectures)
        wire.write(flags)
        wire.write(UInt32(rules.count))
        for rule in rules {
            wire.write(rule.names)
            rule.action.write(to: &wire)
            wire.write(UInt32(rule.arguments.count))
            for argument in rule.arguments {
                wire.write(argument.index)
                wire.write(argument.value)
                wire.write(argument.secondValue)
                wire.write(argument.comparison.rawValue)
            }
        }
    }
}

extension SeccompSpec.Action {
    fileprivate func write(to wire: inout WireWriter) {
        let (kind, number): (UInt8, UInt16) =
            switch self {
            case .killProcess: (0, 0)
            case .killThread: (1, 0)
            case .trap: (2, 0)
            case .errno(let number): (3, number)
            case .trace(let number): (4, number)
            case .log: (5, 0)
            case .allow: (6, 0)
            case .notify: (7, 0)
            }
        wire.write(kind)
        wire.write(number)
    }
}
