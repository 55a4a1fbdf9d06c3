/// Writes manual pages for man(1). See groff_man(7); everything that both groff and mandoc understand.
public struct ManPage {
    private let page: CommandPage
    private let version: String
    private var lines: [String] = []

    /// The file's name and its text, of a command and all below it.
    public static func all(_ page: CommandPage, version: String) -> [(name: String, text: String)] {
        [(fileName(page.name), ManPage(page, parent: nil, version: version).text)]
            + page.subcommands.flatMap { below($0, parent: page, version: version) }
    }

    private static func below(
        _ page: CommandPage, parent: CommandPage, version: String
    ) -> [(name: String, text: String)] {
        [(fileName(page.name), ManPage(page, parent: parent, version: version).text)]
            + page.subcommands.flatMap { below($0, parent: page, version: version) }
    }

    private static func fileName(_ name: String) -> String { dashed(name) + ".1" }
    private static func dashed(_ name: String) -> String { name.split(separator: " ").joined(separator: "-") }

    private init(_ page: CommandPage, parent: CommandPage?, version: String) {
        self.page = page
        self.version = version
        let title = Self.dashed(page.name)
        let program = page.name.split(separator: " ").first.map(String.init) ?? page.name
        lines.append(
            ".TH \(quoted(title.uppercased())) 1 \"\" \(quoted("\(program) \(version)")) \(quoted("Gocker Manual"))")
        section("NAME")
        let abstract = page.abstract.hasSuffix(".") ? String(page.abstract.dropLast()) : page.abstract
        lines.append("\(Self.escape(title)) \\- \(Self.escape(abstract.prefix(1).lowercased() + abstract.dropFirst()))")
        section("SYNOPSIS")
        lines.append(bold(page.usage))
        let text = PageText(page.discussion)
        section("DESCRIPTION")
        lines.append(Self.escape(page.abstract))
        if let first = text.sections.first, first.title.isEmpty { write(first.blocks, isFirst: false) }
        writeOperands()
        writeOptions()
        writeCommands()
        for part in text.sections where !part.title.isEmpty {
            section(part.title)
            write(part.blocks, isFirst: true)
        }
        section("SEE ALSO")
        let others = ([parent].compactMap { $0 } + (parent?.subcommands ?? page.subcommands)).filter {
            $0.name != page.name
        }
        lines.append(others.map { ".BR \(Self.escape(Self.dashed($0.name))) (1)" }.joined(separator: " ,\n"))
        if others.isEmpty { lines[lines.count - 1] = ".BR gocker (1)" }
    }

    var text: String { lines.joined(separator: "\n") + "\n" }

    private mutating func section(_ title: String) {
        lines.append(".SH \(title.contains(" ") ? quoted(title) : title)")
    }

    private mutating func write(_ blocks: [PageText.Block], isFirst: Bool) {
        var needsSpace = !isFirst
        for block in blocks {
            switch block {
            case .paragraph(let text):
                if needsSpace { lines.append(".PP") }
                lines.append(Self.escape(text))
            case .verbatim(let verbatim):
                if needsSpace { lines.append(".PP") }
                lines.append(".nf")
                lines += verbatim.map { Self.escape(String($0.dropFirst(2))) }
                lines.append(".fi")
            }
            needsSpace = true
        }
    }

    private mutating func writeOperands() {
        guard !page.operands.isEmpty else { return }
        section("ARGUMENTS")
        for operand in page.operands { item("<\(operand.name)>", operand.help) }
    }

    private mutating func writeOptions() {
        var titles: [String?] = []
        for option in page.options where !titles.contains(option.section) { titles.append(option.section) }
        for title in titles.sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
            section(title?.uppercased() ?? "OPTIONS")
            for option in page.options where option.section == title {
                item(option.names.joined(separator: ", ") + (option.valueName.map { " <\($0)>" } ?? ""), option.help)
            }
        }
    }

    private mutating func writeCommands() {
        for group in page.groups {
            section(group.title)
            for command in group.commands { item(command.word, command.abstract) }
        }
    }

    private mutating func item(_ head: String, _ text: String) {
        lines += [".TP", bold(head), Self.escape(text)]
    }

    private func bold(_ text: String) -> String { "\\fB\(Self.escape(text))\\fR" }
    private func quoted(_ text: String) -> String { "\"\(Self.escape(text))\"" }

    /// A backslash, a dash that is one, and what would be a request at the beginning of a line. Other characters than
    /// those of ASCII are written as groff_char(7) has them, so that no locale breaks them.
    static func escape(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"": result += "\\(dq"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case _ where scalar.value > 0x7E:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.hasPrefix(".") ? "\\&" + result : result
    }
}
