internal import Linux

/// What the names of log files say: `web-1.log` is the one being written, `web-1.00000000000000000007.log` the seventh one,
/// set aside, `.log.gz` the same compressed; `.json` in place of `.log` for the driver `json-file`.
///
/// The name of an instance ends with `-` and a number, what is set aside has a point and 20 digits: neither is taken for
/// the other.
struct LogFileName: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case local = "log"
        case json
    }

    let instance: String
    let kind: Kind
    /// Counts the files of an instance from 1 on; nil for the one being written.
    let generation: UInt64?
    let isCompressed: Bool

    init(_ instance: String, _ kind: Kind, generation: UInt64? = nil, isCompressed: Bool = false) {
        self.instance = instance
        self.kind = kind
        self.generation = generation
        self.isCompressed = isCompressed
    }

    /// - Returns: nil for what is no name of a log file.
    init?(_ name: String) {
        var rest = Substring(name)
        isCompressed = rest.hasSuffix(".gz")
        if isCompressed { rest = rest.dropLast(3) }
        guard let kind = Kind.allCases.first(where: { rest.hasSuffix(".\($0.rawValue)") }) else { return nil }
        self.kind = kind
        rest = rest.dropLast(kind.rawValue.count + 1)
        let digits = rest.suffix(Self.digits)
        if digits.count == Self.digits, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            rest.dropLast(Self.digits).hasSuffix("."), let number = UInt64(digits)
        {
            generation = number
            rest = rest.dropLast(Self.digits + 1)
        } else {
            generation = nil
            if isCompressed { return nil }
        }
        guard !rest.isEmpty else { return nil }
        instance = String(rest)
    }

    private static let digits = 20

    var text: String {
        var text = instance
        if let generation {
            let number = String(generation)
            text += "." + String(repeating: "0", count: max(0, Self.digits - number.count)) + number
        }
        return "\(text).\(kind.rawValue)" + (isCompressed ? ".gz" : "")
    }
}

extension LogFileName {
    /// The files of `directory` that are set aside, of one instance or of all, the oldest first. One that is there
    /// compressed and not, because its compression is just ending, is told once, as it was.
    static func setAside(in directory: String, of instance: String? = nil) throws(SystemError) -> [LogFileName] {
        var found: [LogFileName] = []
        for entry in try directoryEntries(directory) {
            if let instance, !entry.hasPrefix(instance) { continue }
            guard let name = LogFileName(entry), name.generation != nil,
                instance == nil || name.instance == instance
            else { continue }
            found.append(name)
        }
        found.sort { left, right in
            let (a, b) = (left.generation ?? 0, right.generation ?? 0)
            return a == b ? !left.isCompressed && right.isCompressed : a < b
        }
        var kept: [LogFileName] = []
        for name in found {
            if let last = kept.last, last.instance == name.instance, last.generation == name.generation { continue }
            kept.append(name)
        }
        return kept
    }

    /// Removes every file of an instance.
    static func removeAll(in directory: String, of instance: String) {
        for entry in (try? directoryEntries(directory)) ?? [] where LogFileName(entry)?.instance == instance {
            try? removeFile("\(directory)/\(entry)")
        }
    }
}
