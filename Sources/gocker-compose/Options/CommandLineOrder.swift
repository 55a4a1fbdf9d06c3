internal import ArgumentParser

/// Lets the options that every command has stand before the command too, as people write them:
/// `gocker-compose -f stack.yaml up`.
///
/// Which those are stands here once more: to ask the definitions costs more than many a command does. A test compares.
/// What the letters mean to a command is asked of them, where one stands behind it.
enum CommandLineOrder {
    /// The short names, which are not part of the definitions: to some commands they mean something else.
    static let short = ["-f": "--file", "-p": "--project-name"]

    /// The options of `GlobalOptions`.
    static let valued: Set<String> = [
        "--file", "--project-name", "--project-directory", "--env-file", "--profile", "--progress", "--ansi",
        "--parallel",
    ]
    static let flags: Set<String> = ["--strict", "--all-resources", "--dry-run", "--compatibility"]

    /// The commands that are about no stack.
    static let stackless: Set<String> = ["schema", "completion", "man", "version", "help"]

    /// Moves such options behind the command and spells them out.
    static func normalize(_ words: [String]) -> [String] {
        var rest = words[...]
        var moved = takeGlobals(from: &rest)
        guard let command = rest.first, !command.hasPrefix("-") else { return Array(rest) }
        rest.removeFirst()
        if stackless.contains(command) { return [command] + rest }
        var commands = [command]
        var type = type(of: command, in: GockerCompose.self)
        // Of a command in another one: the options are those of the innermost.
        while let outer = type, !outer.configuration.subcommands.isEmpty {
            moved += takeGlobals(from: &rest)
            if let word = rest.first, let inner = Self.type(of: word, in: outer) {
                commands.append(rest.removeFirst())
                type = inner
            } else {
                type = outer.configuration.defaultSubcommand
            }
        }
        let hasLetters = rest.contains { word in short.keys.contains { word.hasPrefix($0) } }
        let hasTruths = (moved + rest).contains { $0.hasSuffix("=true") || $0.hasSuffix("=false") }
        guard hasLetters || hasTruths, let type, let definition = CommandDefinition(type) else {
            return commands + moved + rest
        }
        return commands + spellOut(moved + rest, definition)
    }

    /// All options among `words` that every command has, spelled out; the rest is left out.
    static func globals(in words: [String]) -> [String] {
        var rest = words[...]
        var found: [String] = []
        while !rest.isEmpty {
            let taken = takeGlobals(from: &rest)
            found += taken
            if taken.isEmpty { rest.removeFirst() }
        }
        return found
    }

    private static func type(
        of command: String, in outer: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type)? {
        outer.configuration.subcommands.first {
            $0._commandName == command || $0.configuration.aliases.contains(command)
        }
    }

    private static func takeGlobals(from rest: inout ArraySlice<String>) -> [String] {
        var taken: [String] = []
        while let word = rest.first, word.hasPrefix("-") {
            let (name, value) = split(word)
            if flags.contains(name) {
                taken.append(word)
                rest.removeFirst()
            } else if !valued.contains(name) {
                break
            } else if let value {
                taken.append("\(name)=\(value)")
                rest.removeFirst()
            } else {
                guard let next = rest.dropFirst().first else { break }
                taken += [name, next]
                rest.removeFirst(2)
            }
        }
        return taken
    }

    /// `--file=a` and `-fa` as `--file` and `a`.
    private static func split(_ word: String) -> (name: String, value: String?) {
        if word.hasPrefix("--") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        }
        let letter = String(word.prefix(2))
        return (short[letter] ?? letter, word.count > 2 ? String(word.dropFirst(2)) : nil)
    }

    /// Spells `-f` and `-p` out wherever they are not the command's own, or another program's, and flags that are given
    /// with a value, as `--menu=false`, without it.
    private static func spellOut(_ words: ArraySlice<String>, _ definition: CommandDefinition) -> [String] {
        var result: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" { return result + [word] + rest }
            guard word.hasPrefix("-"), word.count > 1 else {
                result.append(word)
                if definition.arguments.contains(where: \.takesAllThatFollows) { return result + rest }
                continue
            }
            let letter = String(word.prefix(2))
            if !word.hasPrefix("--"), definition.argument(named: letter) == nil, let name = short[letter] {
                result.append(word.count > 2 ? "\(name)=\(word.dropFirst(2))" : name)
                if word.count == 2, let value = rest.popFirst() { result.append(value) }
                continue
            }
            if let flag = flag(word, definition) {
                result += flag
                continue
            }
            result.append(word)
            if takesNext(word, definition), let value = rest.popFirst() { result.append(value) }
        }
        return result
    }

    /// A flag with a value as one without; none where it is what is so anyway. Nil for anything else.
    private static func flag(_ word: String, _ definition: CommandDefinition) -> [String]? {
        let (name, value) = split(word)
        guard word.hasPrefix("--"), let value, ["true", "false"].contains(value),
            let flag = definition.argument(named: name), flag.kind == .flag
        else { return nil }
        if value == "true" { return [name] }
        let opposite = "--no-\(name.dropFirst(2))"
        return definition.argument(named: opposite)?.kind == .flag ? [opposite] : []
    }

    private static func takesNext(_ word: String, _ definition: CommandDefinition) -> Bool {
        if word.hasPrefix("--") { return !word.contains("=") && definition.argument(named: word)?.kind == .option }
        // Of letters that stand together the last one may have a value, and any but the last ends them if it has.
        let letters = word.dropFirst()
        guard let valued = letters.firstIndex(where: { definition.argument(named: "-\($0)")?.kind == .option }) else {
            return false
        }
        return letters.index(after: valued) == letters.endIndex
    }
}
