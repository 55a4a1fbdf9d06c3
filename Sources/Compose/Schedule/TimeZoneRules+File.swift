public import Linux

/// Why there are no rules for a time zone.
public enum TimeZoneError: Error, Hashable, Sendable {
    /// There is none of this name in the tz database of this machine.
    case unknown(String)
    /// Its file cannot be read.
    case unreadable(String, SystemError)
    /// Its file is none of the tz database.
    case damaged(String)
}

extension TimeZoneError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknown(let name): "there is no time zone \"\(name)\" below \(TimeZoneRules.directory)"
        case .unreadable(let path, let error): "cannot read the time zone \(path): \(error.errno)"
        case .damaged(let path): "\(path) is no file of the tz database"
        }
    }
}

extension TimeZoneRules {
    static let directory = "/usr/share/zoneinfo"

    /// Where the rules of a time zone are; nil where it cannot be the name of one.
    static func path(of name: String) -> String? {
        let isName = name.utf8.allSatisfy { $0.isLetter || $0.isDigit || "+-_/".utf8.contains($0) }
        guard isName, !name.isEmpty, !name.hasPrefix("/"), name.utf8.count <= 100 else { return nil }
        return "\(directory)/\(name)"
    }

    /// Reads the rules of a time zone, or of the one that the machine is in where there is no name. A machine that has
    /// none is in UTC.
    public static func read(_ name: String?) throws(TimeZoneError) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        guard let name else { return try read(path: "/etc/localtime") ?? .utc }
        guard let path = path(of: name), let rules = try read(path: path) else { throw .unknown(name) }
        return rules
    }

    /// - Returns: nil where there is no such file.
    private static func read(path: String) throws(TimeZoneError) -> TimeZoneRules? {
        let bytes: [UInt8]
        do {
            bytes = try readFile(path, limit: 1 << 20)
        } catch {
            switch error.errno {
            case .noSuchFileOrDirectory, .notDirectory: return nil
            case .isDirectory: throw .damaged(path)
            default: throw .unreadable(path, error)
            }
        }
        guard let rules = TimeZoneRules(file: bytes) else { throw .damaged(path) }
        return rules
    }
}

extension TimeZoneRules {
    /// Reads a file of the tz database; nil for anything else. See RFC 9636, section 3.
    init?(file bytes: [UInt8]) {
        var reader = Reader(bytes)
        guard let first = reader.header() else { return nil }
        guard first.version >= UInt8(ascii: "2") else {
            self.init(block: &reader, first, width: 4)
            return
        }
        // What follows is there once more with wider numbers.
        guard reader.skip(first.size(width: 4)), let second = reader.header() else { return nil }
        self.init(block: &reader, second, width: 8)
    }

    private init?(block reader: inout Reader, _ header: Header, width: Int) {
        guard let times = reader.numbers(header.timeCount, width: width),
            let kinds = reader.numbers(header.timeCount, width: 1)
        else { return nil }
        var offsets: [Int] = []
        for _ in 0..<header.typeCount {
            guard let offset = reader.number(width: 4), abs(offset) < 172_800, reader.skip(2) else { return nil }
            offsets.append(Int(offset))
        }
        guard let first = offsets.first,
            reader.skip(
                header.characterCount + header.leapCount * (width + 4) + header.standardCount + header.universalCount)
        else { return nil }
        var transitions: [Transition] = []
        for (time, kind) in zip(times, kinds) {
            guard offsets.indices.contains(Int(kind)), time > transitions.last?.time ?? .min else { return nil }
            transitions.append(Transition(time: time, offset: offsets[Int(kind)]))
        }
        var footer: PosixTimeZone?
        if width == 8 {
            guard let text = reader.footer() else { return nil }
            if !text.isEmpty {
                guard let zone = PosixTimeZone(text) else { return nil }
                footer = zone
            }
        }
        self.init(firstOffset: first, transitions: transitions, footer: footer)
    }

    private struct Header {
        let version: UInt8
        let universalCount, standardCount, leapCount, timeCount, typeCount, characterCount: Int

        /// How long the block behind it is, in bytes.
        func size(width: Int) -> Int {
            timeCount * (width + 1) + typeCount * 6 + characterCount + leapCount * (width + 4) + standardCount
                + universalCount
        }
    }

    private struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) {
            rest = bytes[...]
        }

        mutating func skip(_ count: Int) -> Bool {
            guard count >= 0, count <= rest.count else { return false }
            rest = rest.dropFirst(count)
            return true
        }

        mutating func header() -> Header? {
            guard rest.prefix(4).elementsEqual("TZif".utf8), let version = rest.dropFirst(4).first, skip(20),
                let counts = numbers(6, width: 4), counts.allSatisfy({ (0...100_000).contains($0) })
            else { return nil }
            let numbers = counts.map(Int.init)
            return Header(
                version: version, universalCount: numbers[0], standardCount: numbers[1], leapCount: numbers[2],
                timeCount: numbers[3], typeCount: numbers[4], characterCount: numbers[5])
        }

        /// A signed number, the highest byte first.
        mutating func number(width: Int) -> Int64? {
            guard rest.count >= width else { return nil }
            let bytes = rest.prefix(width)
            rest = rest.dropFirst(width)
            let unsigned = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let shift = UInt64(64 - width * 8)
            return width == 1 ? Int64(unsigned) : Int64(bitPattern: unsigned << shift) >> Int64(shift)
        }

        mutating func numbers(_ count: Int, width: Int) -> [Int64]? {
            guard rest.count >= count * width else { return nil }
            return (0..<count).compactMap { _ in number(width: width) }
        }

        /// The text between two line feeds.
        mutating func footer() -> String? {
            guard rest.first == UInt8(ascii: "\n"), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\n")) else {
                return nil
            }
            return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
        }
    }
}
