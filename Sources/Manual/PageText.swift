/// The discussion of a command, in parts: paragraphs, indented lines that are kept as they are, and sections that begin
/// with a heading in capitals and a colon.
struct PageText {
    enum Block: Equatable {
        case paragraph(String)
        case verbatim([String])
    }

    struct Section: Equatable {
        /// Empty for what comes before the first heading.
        var title: String
        var blocks: [Block]
    }

    private(set) var sections = [Section(title: "", blocks: [])]

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            add(String(line))
        }
        sections.removeAll { $0.title.isEmpty && $0.blocks.isEmpty }
        for index in sections.indices {
            sections[index].blocks.removeAll { $0 == .paragraph("") || $0 == .verbatim([]) }
        }
    }

    private mutating func add(_ line: String) {
        let last = sections.count - 1
        if let title = Self.title(of: line) {
            let rest = line.dropFirst(title.count + 1).drop { $0 == " " }
            sections.append(Section(title: title, blocks: [.paragraph(String(rest))]))
        } else if line.isEmpty {
            sections[last].blocks.append(.paragraph(""))
        } else if line.hasPrefix("  ") {
            if case .verbatim(let lines)? = sections[last].blocks.last {
                sections[last].blocks[sections[last].blocks.count - 1] = .verbatim(lines + [line])
            } else {
                sections[last].blocks.append(.verbatim([line]))
            }
        } else if case .paragraph(let text)? = sections[last].blocks.last {
            let joined = text.isEmpty ? line : "\(text) \(line)"
            sections[last].blocks[sections[last].blocks.count - 1] = .paragraph(joined)
        } else {
            sections[last].blocks.append(.paragraph(line))
        }
    }

    /// The capitals before a colon at the beginning of a line.
    private static func title(of line: String) -> String? {
        guard let colon = line.firstIndex(of: ":") else { return nil }
        let title = line[..<colon]
        let isTitle = title.count > 3 && title.allSatisfy { ("A"..."Z").contains($0) || $0 == " " }
        return isTitle ? String(title) : nil
    }
}
