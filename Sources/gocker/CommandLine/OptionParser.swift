/// Reads a command line by a table of options, as getopt_long(3) does: `--name value`, `--name=value`, `-n value`,
/// `-nvalue`, `-it`; `--` ends the options.
struct OptionParser<Values> {
    let options: [Option<Values>]

    /// Reads options up to the first word that is none, and returns the words from there on: they are another program's.
    func parse(_ words: [String], into values: inout Values) throws(UsageError) -> [String] {
        var index = 0
        while index < words.count {
            let word = words[index]
            index += 1
            if word == "--" { return Array(words[index...]) }
            guard word.hasPrefix("-"), word != "-" else { return Array(words[(index - 1)...]) }
            var next: String? { index < words.count ? words[index] : nil }
            let tookNext =
                word.hasPrefix("--")
                ? try parseLong(word, next: next, into: &values)
                : try parseShort(word, next: next, into: &values)
            if tookNext { index += 1 }
        }
        return []
    }

    private func parseLong(
        _ word: String, next: String?, into values: inout Values
    ) throws(UsageError) -> Bool {
        let equals = word.firstIndex(of: "=")
        let name = equals.map { String(word[..<$0]) } ?? word
        let option = try option(named: name)
        guard option.valueName != nil else {
            guard equals == nil else { throw UsageError("\(name) takes no value") }
            try option.apply(&values, "")
            return false
        }
        if let equals {
            try option.apply(&values, String(word[word.index(after: equals)...]))
            return false
        }
        guard let next else { throw UsageError("\(name) needs a value") }
        try option.apply(&values, next)
        return true
    }

    private func parseShort(
        _ word: String, next: String?, into values: inout Values
    ) throws(UsageError) -> Bool {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let option = try option(named: "-\(letter)")
            guard option.valueName != nil else {
                try option.apply(&values, "")
                continue
            }
            if !letters.isEmpty {
                try option.apply(&values, String(letters))
                return false
            }
            guard let next else { throw UsageError("-\(letter) needs a value") }
            try option.apply(&values, next)
            return true
        }
        return false
    }

    private func option(named name: String) throws(UsageError) -> Option<Values> {
        for option in options where option.names.contains(name) { return option }
        throw UsageError("unknown option \(name)")
    }
}
