/// The options of a text such as `mode=755,ro,context="u:r:t:s0:c1,c2"`: a value in double quotes may have commas. See
/// mount(8), "FILESYSTEM-INDEPENDENT MOUNT OPTIONS", context.
struct MountOptionList: Sequence, IteratorProtocol {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    mutating func next() -> (key: String, value: String?)? {
        while rest.first == UInt8(ascii: ",") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        let key = take { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
        guard rest.first == UInt8(ascii: "=") else { return (key, nil) }
        rest = rest.dropFirst()
        let quoted = rest.dropFirst()
        guard rest.first == UInt8(ascii: "\""), quoted.contains(UInt8(ascii: "\"")) else {
            return (key, take { $0 != UInt8(ascii: ",") })
        }
        rest = quoted
        defer { rest = rest.dropFirst() }
        return (key, take { $0 != UInt8(ascii: "\"") })
    }

    private mutating func take(_ isPart: (UInt8) -> Bool) -> String {
        let part = rest.prefix(while: isPart)
        rest = rest[part.endIndex...]
        return String(part) ?? ""
    }
}
