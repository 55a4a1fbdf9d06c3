internal import OrderedCollections

/// Reads env files: `NAME=value` by line, as `.env`, `env_file` and `label_file` have it.
///
/// Values may be quoted, over several lines too. What is not in single quotes is a template. A name alone takes its
/// value from elsewhere; `export` before a name is ignored.
struct EnvFile {
    let file: SourceFile

    /// The variables that the file may use and inherit, which are stronger than its own.
    let lookup: (String) -> String?

    private(set) var variables: OrderedDictionary<String, Environment.Variable> = [:]
    private(set) var problems = Problems()

    private let bytes: [UInt8]
    private var position = 0

    /// - Parameter earlier: the variables that earlier files have set, which this one may change.
    init(
        _ file: SourceFile, earlier: OrderedDictionary<String, Environment.Variable> = [:],
        lookup: @escaping (String) -> String?
    ) {
        self.file = file
        self.lookup = lookup
        self.variables = earlier
        self.bytes = file.bytes
    }

    /// Reads the whole file, up to the first problem.
    mutating func read() {
        while skipToStatement() {
            guard let name = readName() else { return }
            guard name.hasValue else {
                if let value = lookup(name.text) { set(name, value) }
                continue
            }
            guard let value = readValue(name) else { return }
            set(name, value)
        }
    }

    /// Reads the file without quotes, templates and comments behind values.
    mutating func readRaw() {
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            let text = line.drop(while: \.isSpace)
            guard let first = text.first, first != UInt8(ascii: "#") else { continue }
            let place = self.place(text.startIndex, text.endIndex)
            let (name, value) = Spelling.cut(String(decoding: text, as: UTF8.self), "=")
            if name.isEmpty || name.utf8.contains(where: \.isSpace) {
                problems.error("the name of a variable cannot be empty or have blanks in it", at: place)
                return
            }
            guard let value = value.map(String.init) ?? lookup(String(name)) else { continue }
            variables[String(name)] = Environment.Variable(value: value, origin: .file(place))
        }
    }

    private struct Name {
        let text: String
        let place: SourceRange
        let hasValue: Bool
    }

    private mutating func set(_ name: Name, _ value: String) {
        variables[name.text] = Environment.Variable(value: value, origin: .file(name.place))
    }

    /// Goes to the next thing that is neither blank nor a comment.
    private mutating func skipToStatement() -> Bool {
        while position < bytes.count {
            if bytes[position].isSpace {
                position += 1
            } else if bytes[position] == UInt8(ascii: "#") {
                skipLine()
            } else {
                return true
            }
        }
        return false
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position].isSpace, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func readName() -> Name? {
        let export = Array("export".utf8)
        if bytes[position...].starts(with: export), bytes.dropFirst(position + export.count).first?.isSpace == true {
            position += export.count
            skipBlanks()
        }
        let start = position
        var end = start
        var hasValue = false
        scan: while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "="), UInt8(ascii: ":"):
                hasValue = true
                break scan
            case UInt8(ascii: "\n"):
                break scan
            case _ where byte.isSpace:
                break
            case _ where byte.isLetter || byte.isDigit || byte >= 0x80 || "_.-[]".utf8.contains(byte):
                end = position + 1
            default:
                let character = String(decoding: [byte], as: UTF8.self)
                problems.error(
                    "the name of a variable cannot have \"\(character)\" in it", at: place(position, position + 1))
                return nil
            }
            position += 1
        }
        if position < bytes.count { position += 1 }
        if hasValue { skipBlanks() }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        guard !text.utf8.contains(where: \.isSpace) else {
            problems.error("the name of a variable cannot have blanks in it", at: place(start, end))
            return nil
        }
        return Name(text: text, place: place(start, end), hasValue: hasValue)
    }

    private mutating func readValue(_ name: Name) -> String? {
        guard position < bytes.count else { return "" }
        let quote = bytes[position]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") { return readQuoted(quote, name) }

        let start = position
        skipLine()
        var line = bytes[start..<position]
        for index in line.indices.dropLast() where bytes[index] == 0x20 && bytes[index + 1] == UInt8(ascii: "#") {
            line = line[..<index]
            break
        }
        while line.last?.isSpace == true { line.removeLast() }
        return substitute(String(decoding: line, as: UTF8.self), at: place(start, max(start, line.endIndex)))
    }

    private mutating func readQuoted(_ quote: UInt8, _ name: Name) -> String? {
        let start = position
        position += 1
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != quote {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
                // The quote is all that can be escaped here; other escapes are for double quotes to read.
                if bytes[position + 1] != quote { text.append(byte) }
                position += 1
            }
            text.append(bytes[position])
            position += 1
        }
        guard position < bytes.count else {
            problems.error(
                "the value of \"\(name.text)\" is a quoted text that does not end", at: place(start, start + 1))
            return nil
        }
        position += 1
        let value = String(decoding: text, as: UTF8.self)
        guard quote == UInt8(ascii: "\"") else { return value }
        return substitute(EnvEscapes.expand(value), at: place(start, position))
    }

    private mutating func substitute(_ text: String, at place: SourceRange) -> String? {
        let (variables, lookup) = (variables, lookup)
        var template = Template { lookup($0) ?? variables[$0]?.value }
        do {
            return try template.substitute(text)
        } catch {
            problems.error(Interpolator.message(for: error), at: place)
            return nil
        }
    }

    private func place(_ start: Int, _ end: Int) -> SourceRange {
        SourceRange(file: file, start: file.location(ofByte: start), end: file.location(ofByte: end))
    }
}
