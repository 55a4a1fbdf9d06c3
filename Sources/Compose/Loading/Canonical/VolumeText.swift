/// The short form of a mount: `[SOURCE:]TARGET[:OPTION,…]`.
///
/// A source that looks like a path makes a bind mount, any other name a volume. A single letter before a `:` is taken
/// for a Windows drive, as the Compose tools do: `v:/x` is a path.
struct VolumeText: Equatable {
    private(set) var source: String?
    private(set) var target = ""
    private(set) var options: [Substring] = []

    /// Reads the short form; nil where a part is empty or there are too many.
    static func parse(_ text: String) -> VolumeText? {
        guard let parts = split(text), let first = parts.first else { return nil }
        switch parts.count {
        case 1: return VolumeText(source: nil, target: first)
        case 2: return VolumeText(source: first, target: parts[1])
        case 3: return VolumeText(source: first, target: parts[1], options: parts[2].split(separator: ","))
        default: return nil
        }
    }

    /// Whether the source is a path, and the mount a bind mount.
    var isBind: Bool {
        guard let source, let first = source.utf8.first else { return false }
        if [UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "~")].contains(first) { return true }
        return source.hasPrefix("\\\\") || first.isLetter && source.utf8.dropFirst().first == UInt8(ascii: ":")
    }

    /// The parts between colons; nil where one is empty. Colons of drives and of `${…}` separate nothing.
    private static func split(_ text: String) -> [String]? {
        let bytes = Array(text.utf8)
        guard bytes.count > 2 else { return bytes.isEmpty ? nil : [text] }
        var parts: [String] = []
        var part: [UInt8] = []
        var braces = 0
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "{") { braces += 1 }
            if byte == UInt8(ascii: "}"), braces > 0 { braces -= 1 }
            let isDrive = part.count == 1 && part[0].isLetter
            guard byte == UInt8(ascii: ":"), braces == 0, !isDrive else {
                part.append(byte)
                continue
            }
            if part.isEmpty { return nil }
            parts.append(String(decoding: part, as: UTF8.self))
            part = []
        }
        return part.isEmpty ? nil : parts + [String(decoding: part, as: UTF8.self)]
    }
}

extension VolumeText {
    private static let propagations = ["rprivate", "private", "rshared", "shared", "rslave", "slave"]

    /// The options that nobody knows.
    var unknownOptions: [Substring] {
        options.filter { !(["ro", "rw", "nocopy", "z", "Z"] + Self.propagations).contains(String($0)) }
    }

    /// The long form.
    func node(at place: SourceRange) -> Node {
        func string(_ text: some StringProtocol) -> Node { .string(String(text), at: place) }
        var mount = Mapping()
        mount.set("type", string(isBind ? "bind" : "volume"), at: place)
        if let source { mount.set("source", string(source), at: place) }
        mount.set("target", string(target.utf8.count > 2 ? Path.normalize(target) : target), at: place)

        var details = Mapping()
        for option in options {
            switch option {
            case "ro": mount.set("read_only", .boolean(true, at: place), at: place)
            case "rw": mount.remove("read_only")
            case "nocopy" where !isBind: details.set("nocopy", .boolean(true, at: place), at: place)
            case "z", "Z": if isBind { details.set("selinux", string(option), at: place) }
            case _ where isBind && Self.propagations.contains(String(option)):
                details.set("propagation", string(option), at: place)
            default: break
            }
        }
        if isBind { details.set("create_host_path", .boolean(true, at: place), at: place) }
        if isBind || target.utf8.count > 2 || source != nil {
            mount.set(isBind ? "bind" : "volume", Node(.mapping(details), at: place), at: place)
        }
        return Node(.mapping(mount), at: place)
    }
}
