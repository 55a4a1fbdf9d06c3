/// The help of a command, made from the table that also reads its options.
enum HelpText {
    /// One line an option: names, value, meaning; wrapped to 100 columns.
    static func list<Values>(_ options: [Option<Values>]) -> String {
        let rows = options.map { option in
            let names = option.names.joined(separator: ", ")
            let indent = option.names.first?.hasPrefix("--") == true ? "    " : ""
            return (head: indent + names + (option.valueName.map { " <\($0)>" } ?? ""), help: option.help)
        }
        return rows.map { row($0.head, $0.help) }.joined(separator: "\n")
    }

    /// A word and its meaning, side by side.
    static func row(_ head: String, _ help: String) -> String {
        let indent = 34
        var lines = ["  " + head]
        let isShort = head.count + 4 <= indent
        if isShort { lines[0] += String(repeating: " ", count: indent - 2 - head.count) }
        var line = isShort ? lines.removeLast() : String(repeating: " ", count: indent)
        var isEmpty = true
        for word in help.split(separator: " ") {
            if !isEmpty, line.count + word.count + 1 > 100 {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += isEmpty ? word : " \(word)"
            isEmpty = false
        }
        lines.append(line)
        return lines.joined(separator: "\n")
    }
}
