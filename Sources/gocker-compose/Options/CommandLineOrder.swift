/// Lets the options that every command has stand before the command too, as people write them:
/// `gocker-compose -f stack.yaml up`.
enum CommandLineOrder {
    private static let long = ["-f": "--file", "-p": "--project-name"]
    private static let flags: Set<String> = ["--strict"]
    private static let valued: Set<String> = [
        "--file", "--project-name", "--project-directory", "--env-file", "--profile",
    ]

    /// Commands to which they mean something else, or whose words are somebody else's. Everywhere else `-f` is the file
    /// behind the command too.
    private static let literal: Set<String> = ["logs", "exec", "run"]

    /// Moves such options behind the command and spells them out, for `-f` means something else to some commands.
    static func normalize(_ words: [String]) -> [String] {
        var moved: [String] = []
        var index = 0
        while index < words.count, words[index].hasPrefix("-") {
            let word = long[words[index]] ?? words[index]
            if valued.contains(word), index + 1 < words.count {
                moved += [word, words[index + 1]]
                index += 2
            } else if flags.contains(word) || valued.contains(where: { word.hasPrefix("\($0)=") }) {
                moved.append(word)
                index += 1
            } else {
                return words
            }
        }
        guard index < words.count else { return words }
        let command = words[index]
        let rest = words[(index + 1)...]
        return [command] + moved + (literal.contains(command) ? Array(rest) : rest.map { long[$0] ?? $0 })
    }
}
