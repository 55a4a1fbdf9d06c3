/// One option of a command: how it is written, what it means, and what it changes.
///
/// The runtime's command line is read by a table of these. A parser that reflects over types costs four milliseconds in
/// a static binary, twice what the whole container does.
struct Option<Values> {
    /// With their dashes, the short one first: `-e`, `--env`.
    let names: [String]
    /// What the value is called in the help; nil for a flag.
    let valueName: String?
    let help: String
    /// Takes the value, or an empty text for a flag.
    let apply: (inout Values, String) throws(UsageError) -> Void

    /// An option with a value, which `parse` turns into something or refuses; `expected` says what it wants.
    static func value<Value>(
        _ names: String..., valueName: String, help: String, expected: String,
        parse: @escaping (String) -> Value?, apply: @escaping (inout Values, Value) -> Void
    ) -> Option {
        Option(names: names, valueName: valueName, help: help) { (values, text) throws(UsageError) in
            guard let value = parse(text) else {
                throw UsageError("\(names[names.count - 1]) \"\(text)\": expected \(expected)")
            }
            apply(&values, value)
        }
    }

    /// An option with a value that may be any text.
    static func text(
        _ names: String..., valueName: String, help: String, apply: @escaping (inout Values, String) -> Void
    ) -> Option {
        Option(names: names, valueName: valueName, help: help) { (values, text) throws(UsageError) in
            apply(&values, text)
        }
    }

    static func flag(_ names: String..., help: String, apply: @escaping (inout Values) -> Void) -> Option {
        Option(names: names, valueName: nil, help: help) { (values, _) throws(UsageError) in apply(&values) }
    }
}

/// A command line that cannot be understood.
struct UsageError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
