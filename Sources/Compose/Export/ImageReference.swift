/// Where images are kept: a registry with a path in it, as `registry.example:5000/team`, or a path of the engine's own
/// registry, as `team`.
public struct ImageRegistry: Hashable, Sendable {
    /// As it stands before the name of an image, without a slash at its end.
    public let text: String

    /// Nil for what cannot stand before the name of an image.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, Self.isHost(first) || Self.isComponent(first),
            parts.dropFirst().allSatisfy(Self.isComponent)
        else { return nil }
        self.text = text
    }

    /// The registry's own name, with its port; nil for the engine's own registry.
    public var host: String? {
        // As engines tell the two apart.
        text.split(separator: "/").first.map(String.init).flatMap { first in
            first.contains(".") || first.contains(":") || first == "localhost" ? first : nil
        }
    }

    private static func isHost(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, !name.isEmpty else { return false }
        let isPort = parts.count == 1 || UInt16(parts[1]) != nil
        return isPort && name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-.".utf8.contains($0) }
    }

    /// Lower-case letters and digits, with `.`, `_`, `__` or hyphens between them.
    private static func isComponent(_ text: Substring) -> Bool {
        ImageReference.name(reducing: String(text)) == text
    }
}

/// An image by its name and what is in it: `registry.example:5000/team/shop-web:3f1c9ab2d07e`.
///
/// The tag is the beginning of the content's digest: another content is another reference, so that an engine that is told
/// to run it runs it, and one that has it already has the right one.
public struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    public let registry: ImageRegistry?
    /// Lower-case letters, digits and what may stand between them.
    public let name: String
    public let tag: String

    /// - Parameters:
    ///   - name: any text; what no name may have is left out of it.
    ///   - digest: of the content, in hexadecimal digits.
    public init(registry: ImageRegistry?, name: String, digest: String) {
        self.registry = registry
        self.name = Self.name(reducing: name)
        tag = String(digest.prefix(12))
    }

    public var description: String { (registry.map { "\($0.text)/" } ?? "") + "\(name):\(tag)" }

    /// Makes a name of any text: letters are lowered, what may not stand there becomes a hyphen.
    static func name(reducing text: String) -> String {
        var name: [UInt8] = []
        var separator: [UInt8] = []
        for byte in text.lowercased().utf8 {
            guard !byte.isLetter, !byte.isDigit else {
                if !name.isEmpty { name += isSeparator(separator) ? separator : [UInt8(ascii: "-")] }
                name.append(byte)
                separator = []
                continue
            }
            separator.append(byte)
        }
        return name.isEmpty ? "rootfs" : String(decoding: name, as: UTF8.self)
    }

    private static func isSeparator(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || [".", "_", "__"].contains { bytes.elementsEqual($0.utf8) }
            || bytes.allSatisfy { $0 == UInt8(ascii: "-") }
    }
}
