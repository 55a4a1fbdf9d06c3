internal import OrderedCollections

/// Where the value of a variable is from.
enum VariableOrigin: Sendable {
    /// The environment of the command.
    case environment

    /// A line of an env file.
    case file(SourceRange)

    /// Gocker itself, as with `COMPOSE_PROJECT_NAME`.
    case stack
}

/// The variables that stack files may ask for.
struct Environment: Sendable {
    struct Variable: Sendable {
        var value: String
        var origin: VariableOrigin
    }

    private var variables: [String: Variable] = [:]

    init(_ values: [String: String] = [:]) {
        variables = values.mapValues { Variable(value: $0, origin: .environment) }
    }

    var names: some Sequence<String> { variables.keys }

    var values: [String: String] { variables.mapValues(\.value) }

    subscript(name: String) -> Variable? { variables[name] }

    func value(_ name: String) -> String? { variables[name]?.value }

    mutating func set(_ name: String, _ value: String, from origin: VariableOrigin) {
        variables[name] = Variable(value: value, origin: origin)
    }

    /// Adds variables of an env file. What the command's own environment sets is stronger.
    func adding(_ others: OrderedDictionary<String, Variable>) -> Environment {
        var result = self
        for (name, variable) in others where result.variables[name] == nil {
            result.variables[name] = variable
        }
        return result
    }
}
