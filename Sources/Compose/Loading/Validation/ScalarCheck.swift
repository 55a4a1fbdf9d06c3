internal import Linux

/// Whether a single value has a shape; what it is then.
enum ScalarCheck {
    /// The value as its shape has it, or nil where it has not that shape.
    static func check(_ scalar: Scalar, _ shape: Shape) -> Scalar? {
        switch shape {
        case .string:
            return scalar.kind == .string ? scalar : nil
        case .stringOrNumber:
            return isNumber(scalar) || scalar.kind == .string ? scalar : nil
        case .stringOrBoolean:
            if case .boolean = scalar.kind { return scalar }
            return scalar.kind == .string ? scalar : nil
        case .boolean:
            return boolean(scalar)
        case .integer(let range):
            guard let value = integer(scalar) else { return nil }
            guard case .integer(let number) = value.kind, range?.contains(number) ?? true else { return nil }
            return value
        case .number:
            return number(scalar)
        case .bytes:
            return bytes(scalar) == nil ? nil : scalar
        case .size:
            return bytes(scalar) ?? -1 < 0 ? nil : scalar
        case .matching(let rule):
            return scalar.kind == .string && rule.allows(scalar.text) ? scalar : nil
        case .duration:
            return scalar.kind == .string && DurationText.parse(scalar.text) != nil ? scalar : nil
        case .fileMode:
            if case .integer = scalar.kind { return scalar }
            return scalar.kind == .string && Int64(scalar.text, radix: 8) != nil ? scalar : nil
        case .deviceCount:
            return scalar.kind == .string && scalar.text.lowercased() == "all" ? scalar : integer(scalar)
        case .choice(let names):
            return scalar.kind == .string && names.contains(scalar.text) ? scalar : nil
        default:
            return nil
        }
    }

    private static func bytes(_ scalar: Scalar) -> Int64? {
        switch scalar.kind {
        case .integer(let value): value
        case .string: ByteText.parse(scalar.text)
        case .null, .boolean, .float: nil
        }
    }

    private static func isNumber(_ scalar: Scalar) -> Bool {
        switch scalar.kind {
        case .integer, .float: true
        case .null, .boolean, .string: false
        }
    }

    /// The words for booleans of YAML 1.1 are understood where nothing else can be meant.
    private static func boolean(_ scalar: Scalar) -> Scalar? {
        switch scalar.kind {
        case .boolean: return scalar
        case .string: break
        case .null, .integer, .float: return nil
        }
        switch scalar.text.lowercased() {
        case "true", "yes", "y", "on": return Scalar(scalar.text, .boolean(true))
        case "false", "no", "n", "off": return Scalar(scalar.text, .boolean(false))
        default: return nil
        }
    }

    private static func integer(_ scalar: Scalar) -> Scalar? {
        switch scalar.kind {
        case .integer: return scalar
        case .float(let value):
            guard let whole = Int64(exactly: value) else { return nil }
            return Scalar(String(whole), .integer(whole))
        case .string: return Int64(scalar.text).map { Scalar(scalar.text, .integer($0)) }
        case .null, .boolean: return nil
        }
    }

    private static func number(_ scalar: Scalar) -> Scalar? {
        switch scalar.kind {
        case .integer: return scalar
        case .float(let value): return rounded(value, scalar.text)
        case .string:
            if let whole = Int64(scalar.text) { return Scalar(scalar.text, .integer(whole)) }
            return Double(scalar.text).flatMap { rounded($0, scalar.text) }
        case .null, .boolean: return nil
        }
    }

    /// Numbers of the specification have single precision. The shortest text of that is what the Compose tools print.
    private static func rounded(_ value: Double, _ text: String) -> Scalar? {
        guard value.isFinite, let shortest = Double(Float(value).description) else { return nil }
        return Scalar(text, .float(shortest))
    }
}
