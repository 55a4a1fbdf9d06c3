internal import CLinux

/// A path or a file name as the kernel has it: bytes in no particular encoding. A `String` cannot hold a name that is not
/// UTF-8, and such names exist.
public struct PathBytes: Hashable, Sendable {
    /// Without the terminating NUL.
    public let bytes: [UInt8]

    /// Takes the bytes up to the first NUL, as the kernel would.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes.prefix { $0 != 0 })
    }

    public init(_ text: String) {
        self.init(text.utf8)
    }

    /// Copies a C string; none is empty.
    public init(cString: UnsafePointer<CChar>?) {
        self.init(UnsafeRawBufferPointer(start: cString, count: cString.map { strlen($0) } ?? 0))
    }

    /// `self` with `name` below it.
    public func appending(_ name: PathBytes) -> PathBytes {
        bytes.isEmpty ? name : PathBytes(bytes + [UInt8(ascii: "/")] + name.bytes)
    }

    func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (bytes + [0]).withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) { characters in
                // The array has at least its NUL, so that it has an address.
                characters.baseAddress.map(body) ?? "".withCString(body)
            }
        }
    }
}

extension PathBytes: CustomStringConvertible {
    /// For people and terminals: what would move the cursor, hide or reorder text is escaped, as are bytes that are no
    /// UTF-8. Names come from strangers.
    public var description: String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return bytes.reduce(into: "") { result, byte in
                let isPrintable = (0x20..<0x7F).contains(byte)
                let hexadecimal = (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
                result += isPrintable ? String(UnicodeScalar(byte)) : hexadecimal
            }
        }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
