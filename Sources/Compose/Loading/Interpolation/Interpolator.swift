/// Replaces the variables in every value of a document; never in keys.
struct Interpolator {
    let environment: Environment

    /// Whether a variable that is not set is an error.
    let isStrict: Bool

    private(set) var problems = Problems()

    /// Warned about already: a variable that is not set is told once per file, where it is used first.
    private var warned: Set<String> = []

    static func interpolate(
        _ node: Node, _ environment: Environment, isStrict: Bool, problems: inout Problems
    ) -> Node {
        var interpolator = Interpolator(environment, isStrict)
        let result = interpolator.interpolate(node)
        problems.add(interpolator.problems)
        return result
    }

    private init(_ environment: Environment, _ isStrict: Bool) {
        self.environment = environment
        self.isStrict = isStrict
    }

    private mutating func interpolate(_ node: Node) -> Node {
        switch node.content {
        case .scalar(let scalar):
            guard scalar.kind == .string, scalar.text.utf8.contains(UInt8(ascii: "$")) else { return node }
            return interpolate(node, scalar.text)
        case .sequence:
            return node.mapItems { interpolate($0) }
        case .mapping:
            return node.mapEntries { interpolate($1.value) }
        case .invalid:
            return node
        }
    }

    private mutating func interpolate(_ node: Node, _ text: String) -> Node {
        let environment = environment
        var template = Template { environment.value($0) }
        do {
            var result = node.with(.scalar(Scalar(try template.substitute(text))))
            for name in template.used {
                result = result.through(.variable(name, environment[name]?.origin))
            }
            for name in template.unset where warned.insert(name).inserted {
                reportUnset(name, at: node.place)
            }
            return result
        } catch {
            problems.error(Self.message(for: error), at: node.place)
            return node.with(.invalid)
        }
    }

    private mutating func reportUnset(_ name: String, at place: SourceRange) {
        let suggestion = NearestName.find(name, among: environment.names)
        if isStrict {
            problems.error("the variable \"\(name)\" is not set, and has no default", at: place, suggestion: suggestion)
        } else {
            problems.warning("the variable \"\(name)\" is not set, and nothing is put in its place", at: place)
        }
    }

    static func message(for problem: Template.Problem) -> String {
        switch problem {
        case .invalid(let text):
            "\"\(text)\" is no variable; write \"$$\" for a \"$\" that is meant as such"
        case .missing(let name, let reason):
            "the variable \"\(name)\" has to be set" + (reason.isEmpty ? "" : ": \(reason)")
        case .tooDeep:
            "variables are nested too deeply"
        }
    }
}
