internal import JSON

/// A single value: its text in the file, and what YAML takes it for.
struct Scalar: Equatable, Sendable {
    enum Kind: Hashable, Sendable {
        case null
        case boolean(Bool)
        case integer(Int64)
        case float(Double)
        case string
    }

    let text: String
    let kind: Kind

    init(_ text: String, _ kind: Kind = .string) {
        self.text = text
        self.kind = kind
    }

    /// The same value, however it was written.
    static func == (left: Scalar, right: Scalar) -> Bool {
        left.kind == right.kind && (left.kind != .string || left.text == right.text)
    }

    /// The value as text, where a number or a boolean stands for a string: `0x1F` is `31`, `1.10` is `1.1`.
    var display: String {
        switch kind {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .float(let value): FloatText.format(value)
        case .string: text
        }
    }
}

extension Scalar.Kind {
    /// For messages: `expected a list, found a number`.
    var name: String {
        switch self {
        case .null: "nothing"
        case .boolean: "a boolean"
        case .integer, .float: "a number"
        case .string: "a string"
        }
    }
}
