/// What a shell may offer for a command line that is being typed. Pure: names that only the program knows are asked for.
public struct Completer {
    /// A word, and what it means.
    public struct Candidate: Hashable, Sendable {
        public let word: String
        public let help: String
    }

    /// What is offered.
    public enum Answer: Hashable, Sendable {
        case candidates([Candidate])
        case files
        case directories
    }

    private let page: CommandPage
    private let names: (String) -> [String]

    /// - Parameters:
    ///   - page: of the program.
    ///   - names: gives the names of a kind, e.g. of `services`.
    public init(_ page: CommandPage, names: @escaping (String) -> [String]) {
        self.page = page
        self.names = names
    }

    /// - Parameter words: behind the program's name, the last one as far as it has been typed.
    public func complete(_ words: [String]) -> Answer {
        var words = Self.joined(words)
        guard let current = words.popLast() else { return .candidates([]) }
        var command = page
        var operands = 0
        var isOperandsOnly = false
        var pending: CommandPage.Option?
        for word in words {
            if pending != nil {
                pending = nil
            } else if isOperandsOnly || !word.hasPrefix("-") || word == "-" {
                if operands == 0, let below = command.subcommands.first(where: { $0.word == word }) {
                    command = below
                } else {
                    operands += 1
                }
            } else if word == "--" {
                isOperandsOnly = true
            } else if !word.contains("=") {
                pending = Self.option(word, of: command).flatMap { $0.valueName == nil ? nil : $0 }
            }
        }
        if let pending { return offer(pending.values, current) }
        if !isOperandsOnly, current.hasPrefix("-") { return offerOptions(of: command, current) }
        if operands == 0, !command.subcommands.isEmpty {
            let below = command.subcommands.map { Candidate(word: $0.word, help: $0.abstract) }
                .filter { $0.word.hasPrefix(current) }
            // Where a command does something by itself, too, its operand may stand here.
            guard let first = command.operands.first, case .candidates(let others) = offer(first.values, current) else {
                return .candidates(below)
            }
            return .candidates(below + others)
        }
        guard let last = command.operands.last, operands < command.operands.count || last.isRepeating else {
            return .candidates([])
        }
        return offer(command.operands[min(operands, command.operands.count - 1)].values, current)
    }

    /// bash makes three words of `--progress=tty`.
    private static func joined(_ words: [String]) -> [String] {
        var result: [String] = []
        for word in words {
            if word == "=", result.last?.hasPrefix("--") == true { continue }
            result.append(word)
        }
        // The value's word is still to come.
        if words.last == "=" { result.append("") }
        return result
    }

    private static func option(_ word: String, of command: CommandPage) -> CommandPage.Option? {
        // Of letters that stand together the last may have a value.
        let name = word.hasPrefix("--") ? word : word.last.map { "-\($0)" } ?? word
        return command.options.first { $0.names.contains(name) }
    }

    private func offerOptions(of command: CommandPage, _ current: String) -> Answer {
        if let equals = current.firstIndex(of: "="), current.hasPrefix("--") {
            let name = String(current[..<equals])
            let value = String(current[current.index(after: equals)...])
            guard let option = Self.option(name, of: command) else { return .candidates([]) }
            guard case .candidates(let found) = offer(option.values, value) else { return .files }
            return .candidates(found.map { Candidate(word: "\(name)=\($0.word)", help: $0.help) })
        }
        let found = command.options.flatMap { option in
            option.names.filter { $0.hasPrefix(current) && ($0.hasPrefix("--") || current.count <= 1) }
                .map { Candidate(word: $0, help: option.help) }
        }
        return .candidates(found)
    }

    private func offer(_ kind: CommandPage.ValueKind, _ current: String) -> Answer {
        switch kind {
        case .unknown: return .candidates([])
        case .words(let words):
            return .candidates(words.filter { $0.hasPrefix(current) }.map { Candidate(word: $0, help: "") })
        case .file: return .files
        case .directory: return .directories
        case .names(let kind):
            return .candidates(names(kind).filter { $0.hasPrefix(current) }.map { Candidate(word: $0, help: "") })
        }
    }
}

extension Completer.Answer {
    /// As the scripts read it: a word a line, with a tab and what it means; `:files` for what the shell knows better.
    public var lines: String {
        switch self {
        case .candidates(let candidates): Self.lines(candidates)
        case .files: ":files\n"
        case .directories: ":directories\n"
        }
    }

    private static func lines(_ candidates: [Completer.Candidate]) -> String {
        candidates.map { $0.help.isEmpty ? "\($0.word)\n" : "\($0.word)\t\($0.help)\n" }.joined()
    }
}
