/// A text with variables in it: `$NAME`, `${NAME}`, `${NAME:-default}` and the other operators; `$$` is a `$`.
///
/// A `$` before anything that cannot be a variable stays as it is, as in `a $ b` and `$1`. Defaults and messages are
/// templates themselves.
struct Template {
    enum Problem: Error, Equatable {
        /// Something in braces that is no variable.
        case invalid(String)

        /// A variable that has to be set (`:?`, `?`), and why.
        case missing(name: String, reason: String)
        case tooDeep
    }

    private enum Operator {
        case defaultWhen(empty: Bool)
        case required(empty: Bool)
        case replacement(empty: Bool)
    }

    /// Asks for the value of a variable.
    let lookup: (String) -> String?

    /// The variables that were put in, in order.
    private(set) var used: [String] = []

    /// The variables that are not set and have no default; nothing was put in for them.
    private(set) var unset: [String] = []

    private var depth = 0
    private static let deepest = 64

    init(lookup: @escaping (String) -> String?) {
        self.lookup = lookup
    }

    /// The text with its variables replaced.
    mutating func substitute(_ text: String) throws(Problem) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        return String(decoding: try substitute(Array(text.utf8)[...]), as: UTF8.self)
    }

    private mutating func substitute(_ text: ArraySlice<UInt8>) throws(Problem) -> [UInt8] {
        guard depth < Self.deepest else { throw .tooDeep }
        depth += 1
        defer { depth -= 1 }

        var result: [UInt8] = []
        var rest = text
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            result += rest[..<dollar]
            rest = rest[(dollar + 1)...]
            switch rest.first {
            case UInt8(ascii: "$"):
                result.append(UInt8(ascii: "$"))
                rest.removeFirst()
            case UInt8(ascii: "{"):
                let end = try Self.closingBrace(of: rest)
                result += try braced(rest[rest.startIndex + 1..<end])
                rest = rest[(end + 1)...]
            default:
                let name = Self.name(at: rest)
                rest = rest.dropFirst(name.count)
                if name.isEmpty { result.append(UInt8(ascii: "$")) } else { result += plain(name) }
            }
        }
        return result + rest
    }

    private mutating func plain(_ name: ArraySlice<UInt8>) -> [UInt8] {
        let name = String(decoding: name, as: UTF8.self)
        guard let value = lookup(name) else {
            unset.append(name)
            return []
        }
        used.append(name)
        return Array(value.utf8)
    }

    /// What stands between `${` and `}`.
    private mutating func braced(_ text: ArraySlice<UInt8>) throws(Problem) -> [UInt8] {
        let name = Self.name(at: text)
        let rest = text.dropFirst(name.count)
        guard !name.isEmpty else { throw Self.invalid(text) }
        guard !rest.isEmpty else { return plain(name) }
        guard let (operation, argument) = Self.operation(rest) else { throw Self.invalid(text) }

        let key = String(decoding: name, as: UTF8.self)
        let value = lookup(key)
        if value != nil { used.append(key) }
        switch operation {
        case .defaultWhen(let empty):
            if let value, !(empty && value.isEmpty) { return Array(value.utf8) }
            return try substitute(argument)
        case .required(let empty):
            if let value, !(empty && value.isEmpty) { return Array(value.utf8) }
            throw .missing(name: key, reason: String(decoding: try substitute(argument), as: UTF8.self))
        case .replacement(let empty):
            guard let value, !(empty && value.isEmpty) else { return [] }
            return try substitute(argument)
        }
    }

    private static func operation(_ text: ArraySlice<UInt8>) -> (Operator, ArraySlice<UInt8>)? {
        let empty = text.first == UInt8(ascii: ":")
        let symbol = empty ? text.dropFirst() : text
        let argument = symbol.dropFirst()
        switch symbol.first {
        case UInt8(ascii: "-"): return (.defaultWhen(empty: empty), argument)
        case UInt8(ascii: "?"): return (.required(empty: empty), argument)
        case UInt8(ascii: "+"): return (.replacement(empty: empty), argument)
        default: return nil
        }
    }

    /// The brace that closes the first one, on the same line; the last on the line where they do not match up.
    private static func closingBrace(of text: ArraySlice<UInt8>) throws(Problem) -> Int {
        var open = 0
        var last: Int?
        for (index, byte) in zip(text.indices, text) {
            if byte == UInt8(ascii: "\n") { break }
            if byte == UInt8(ascii: "{") { open += 1 }
            guard byte == UInt8(ascii: "}") else { continue }
            open -= 1
            last = index
            if open == 0 { return index }
        }
        guard let last else { throw invalid(text.dropFirst()) }
        return last
    }

    /// The variable's name that the text begins with, if it begins with one.
    private static func name(at text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let first = text.first, first.isLetter || first == UInt8(ascii: "_") else { return [] }
        return text.prefix { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    }

    private static func invalid(_ text: ArraySlice<UInt8>) -> Problem {
        .invalid("${" + String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }.prefix(40), as: UTF8.self))
    }
}

extension Template {
    /// A variable that a text names.
    struct Reference: Equatable {
        let name: String
        /// What is put in where it is not set, as it is written.
        var defaultValue = ""
        /// What is put in where it is set.
        var presenceValue = ""
        var isRequired = false
    }

    /// The variables that a text names, in order; those in a default come behind what it is the default of.
    ///
    /// What cannot be a variable names none.
    static func references(in text: String) -> [Reference] { references(in: Array(text.utf8)[...], depth: 0) }

    private static func references(in text: ArraySlice<UInt8>, depth: Int) -> [Reference] {
        var found: [Reference] = []
        var rest = text
        while depth < deepest, let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            rest = rest[(dollar + 1)...]
            switch rest.first {
            case UInt8(ascii: "$"): rest.removeFirst()
            case UInt8(ascii: "{"):
                guard let end = try? closingBrace(of: rest) else { return found }
                found += reference(braced: rest[rest.startIndex + 1..<end], depth: depth)
                rest = rest[(end + 1)...]
            default:
                let name = name(at: rest)
                rest = rest.dropFirst(name.count)
                if !name.isEmpty { found.append(Reference(name: String(decoding: name, as: UTF8.self))) }
            }
        }
        return found
    }

    private static func reference(braced text: ArraySlice<UInt8>, depth: Int) -> [Reference] {
        let name = name(at: text)
        guard !name.isEmpty else { return [] }
        var reference = Reference(name: String(decoding: name, as: UTF8.self))
        guard let (operation, argument) = operation(text.dropFirst(name.count)) else { return [reference] }
        let value = String(decoding: argument, as: UTF8.self)
        switch operation {
        case .defaultWhen: reference.defaultValue = value
        case .required: reference.isRequired = true
        case .replacement: reference.presenceValue = value
        }
        return [reference] + references(in: argument, depth: depth + 1)
    }
}
