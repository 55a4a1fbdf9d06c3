extension Shape {
    /// What belongs here, as the end of a sentence that starts with "expected".
    var expected: String {
        switch self {
        case .anything: "a value"
        case .string: "a string"
        case .stringOrNumber: "a string or a number"
        case .stringOrBoolean: "a string or a boolean"
        case .boolean: "true or false"
        case .integer(nil): "a whole number"
        case .integer(let range?) where range.upperBound == .max: "a whole number from \(range.lowerBound)"
        case .integer(let range?): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number"
        case .matching(.containerName): "a name of letters, digits, \".\", \"_\" and \"-\""
        case .matching(.pullPolicy): "always, never, missing, build, refresh, daily, weekly or every_DURATION"
        case .bytes, .size: "a size such as 64m or 1.5g"
        case .duration: "a duration such as 10s or 1m30s"
        case .fileMode: "permission bits such as 0440"
        case .deviceCount: "a whole number or \"all\""
        case .choice(let names): names.count == 1 ? "\"\(names[0])\"" : "one of " + names.joined(separator: ", ")
        case .list(let shape, _): "a list of " + shape.expectedItems
        case .stringOrList: "a string or a list of strings"
        case .listOrOne: "a string or a list"
        case .allOrList: "\"all\" or a list"
        case .command: "a string or a list of strings"
        case .healthTest: "a string or a list of strings"
        case .variables(.options), .variables(.multipleOptions): "a mapping"
        case .variables: "a mapping or a list of NAME=VALUE"
        case .hosts: "a mapping or a list of NAME=ADDRESS"
        case .table, .map: "a mapping"
        case .namedOrListed: "a mapping or a list of names"
        case .shorthand: "a string or a mapping"
        case .ports: "a list of ports such as \"8080:80\""
        case .limit: "a whole number, or a mapping with soft and hard"
        case .nullable(let shape): shape.expected
        case .external: "true or false"
        }
    }

    private var expectedItems: String {
        switch self {
        case .string: "strings"
        case .stringOrNumber: "strings or numbers"
        case .table, .map: "mappings"
        case .shorthand: "strings or mappings"
        default: "values"
        }
    }
}
