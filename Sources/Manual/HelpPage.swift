/// The help of a command, for a terminal.
public struct HelpPage {
    private let width: Int
    private var lines: [String] = []

    /// Where the meanings of options begin.
    private static let indent = 26

    /// - Parameters:
    ///   - width: of the terminal, in characters.
    ///   - folded: the section of options of which only the names are told.
    public static func text(_ page: CommandPage, width: Int, folding folded: String? = nil) -> String {
        var help = HelpPage(width: max(40, min(width, 100)))
        help.write(page, folded)
        return help.lines.joined(separator: "\n")
    }

    private init(width: Int) {
        self.width = width
    }

    private mutating func write(_ page: CommandPage, _ folded: String?) {
        let text = PageText(page.discussion)
        lines.append(page.abstract)
        heading("USAGE: \(page.usage)")
        if let first = text.sections.first, first.title.isEmpty {
            lines.append("")
            write(first.blocks)
        }
        for group in page.groups {
            heading("\(group.title):")
            for command in group.commands { row(command.word, command.abstract) }
        }
        let described = page.operands.filter { !$0.help.isEmpty }
        if !described.isEmpty {
            heading("ARGUMENTS:")
            for operand in described { row("<\(operand.name)>", operand.help) }
        }
        writeOptions(page, folded)
        for section in text.sections where !section.title.isEmpty {
            // A sentence stands behind the heading, a list below it.
            guard case .paragraph(let text)? = section.blocks.first else {
                heading("\(section.title):")
                write(section.blocks)
                continue
            }
            lines.append("")
            wrap("\(section.title): \(text)", indent: 0)
            if section.blocks.count > 1 { lines.append("") }
            write(Array(section.blocks.dropFirst()))
        }
    }

    private mutating func writeOptions(_ page: CommandPage, _ folded: String?) {
        var titles: [String?] = []
        for option in page.options where !titles.contains(option.section) { titles.append(option.section) }
        for title in titles.sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
            let options = page.options.filter { $0.section == title }
            heading("\(title ?? "OPTIONS"):")
            if let title, title == folded {
                wrap(options.map { $0.names.last ?? "" }.joined(separator: ", "), indent: 2)
                continue
            }
            for option in options {
                let lead = option.names.first?.hasPrefix("--") == true ? "    " : ""
                row(
                    lead + option.names.joined(separator: ", ") + (option.valueName.map { " <\($0)>" } ?? ""),
                    option.help)
            }
        }
    }

    private mutating func heading(_ text: String) {
        lines += ["", text]
    }

    private mutating func write(_ blocks: [PageText.Block]) {
        for (index, block) in blocks.enumerated() {
            if index > 0 { lines.append("") }
            switch block {
            case .paragraph(let text): wrap(text, indent: 0)
            case .verbatim(let verbatim): lines += verbatim
            }
        }
    }

    /// A head, and what it means beside it or, where the head is long, below.
    private mutating func row(_ head: String, _ text: String) {
        let isShort = head.count + 4 <= Self.indent
        if !isShort { lines.append("  \(head)") }
        let start = lines.count
        wrap(text, indent: Self.indent)
        guard isShort else { return }
        if lines.count == start { return lines.append("  \(head)") }
        let blanks = String(repeating: " ", count: Self.indent - head.count - 2)
        lines[start] = "  \(head)\(blanks)\(lines[start].dropFirst(Self.indent))"
    }

    private mutating func wrap(_ text: String, indent: Int) {
        let lead = String(repeating: " ", count: indent)
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + word.count + 1 > width {
                lines.append(lead + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(lead + line) }
    }
}
