/// A unit file, read as systemd reads one. See systemd.syntax(7).
struct UnitFile {
    private var sections: [String: [(key: String, value: String)]] = [:]

    init(_ text: String) {
        var section = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) where !line.hasPrefix("#") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = String(line.dropFirst().dropLast())
                continue
            }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            sections[section, default: []].append((parts[0], parts.count > 1 ? parts[1] : ""))
        }
    }

    var keys: [String: [String]] { sections.mapValues { $0.map(\.key) } }

    func values(_ section: String, _ key: String) -> [String] {
        (sections[section] ?? []).filter { $0.key == key }.map(\.value)
    }

    /// The words of a value: quotes, escapes and specifiers undone.
    static func words(_ value: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        var rest = value[...]
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let complete = word { words.append(complete) }
                word = nil
            case "\\":
                let escaped = rest.popFirst() ?? "\\"
                word = (word ?? "") + String(["n": "\n", "t": "\t", "r": "\r"][escaped] ?? escaped)
            case "%":
                // %% is a percent sign; any other specifier stays, and is one that nobody meant.
                if rest.first == "%" { rest.removeFirst() }
                word = (word ?? "") + "%"
            default: word = (word ?? "") + String(character)
            }
        }
        return words + [word].compactMap { $0 }
    }

    /// The words of a command: in its arguments two dollar signs are one. See systemd.service(5), "Command lines".
    static func command(_ value: String) -> [String] {
        let words = words(value)
        return words.prefix(1) + words.dropFirst().map { $0.replacing("$$", with: "$") }
    }
}
