/// A step of a YAML parse, as libyaml tells it.
struct Event {
    enum Kind {
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(Text)
        case sequenceStart(Properties)
        case sequenceEnd
        case mappingStart(Properties)
        case mappingEnd

        /// Nothing that matters here.
        case other
    }

    /// What stands before a value: `&anchor` and `!tag`.
    struct Properties {
        var anchor: String?
        var tag: String?
    }

    struct Text {
        var properties: Properties
        var text: String

        /// Without quotes, so that its text decides what it is.
        var isPlain: Bool
    }

    let kind: Kind
    let start: SourceLocation
    let end: SourceLocation
}

/// Text that is not YAML: what libyaml makes of it, and where.
struct SyntaxError: Error {
    var problem: String
    var place: SourceLocation

    /// What the parser was reading when it met the problem.
    var context: String?
    var contextPlace: SourceLocation?
}
