internal import ArgumentParser
internal import Manual

/// What the help, the man pages and the completion are made of.
enum Pages {
    /// The options that only the help of the program itself explains.
    static let globals = "GLOBAL OPTIONS, also before the command"

    /// The page of the program, with those of all commands.
    static var program: CommandPage {
        guard let definition = CommandDefinition(GockerCompose.self) else {
            return CommandPage("gocker-compose", abstract: "")
        }
        var page = self.page(definition, above: [])
        let shared = CommandDefinition(GlobalOptions.self).map { self.page($0, above: []).options } ?? []
        page.options = shared.filter { $0.names.last != "--help" } + page.options
        let commands = page.subcommands
        page.groups = GockerCompose.configuration.groupedSubcommands.map { group in
            let names = group.subcommands.map { $0._commandName }
            return CommandPage.Group(group.name, names.compactMap { name in commands.first { $0.word == name } })
        }
        return page
    }

    private static func page(_ definition: CommandDefinition, above: [String]) -> CommandPage {
        let words = above + [definition.name]
        // What is meant without the name of a subcommand is described with the command itself.
        let meant = definition.subcommands.first { $0.name == definition.defaultSubcommand }
        let arguments = meant?.arguments ?? definition.arguments
        let shown = arguments.filter { !$0.isHidden && $0.names != ["--version"] }
        let operands = shown.filter { $0.kind == .positional }
        return CommandPage(
            words.joined(separator: " "), abstract: definition.abstract, discussion: definition.discussion,
            options: shown.filter { $0.kind != .positional }.map { option($0, of: definition) },
            operands: operands.map { argument in
                CommandPage.Operand(
                    argument.valueName, help: argument.help, isOptional: argument.isOptional,
                    isRepeating: argument.isRepeating, values: argument.values)
            },
            groups: [
                CommandPage.Group(
                    "COMMANDS", definition.subcommands.filter { !$0.isHidden }.map { page($0, above: words) })
            ].filter { !$0.commands.isEmpty })
    }

    private static func option(
        _ argument: CommandDefinition.Argument, of definition: CommandDefinition
    ) -> CommandPage.Option {
        // To some commands the letter means something else.
        let letter = CommandLineOrder.short.first {
            argument.names == [$0.value] && definition.argument(named: $0.key) == nil
        }?.key
        return CommandPage.Option(
            [letter].compactMap { $0 } + argument.names,
            valueName: argument.kind == .option ? argument.valueName : nil, help: argument.help,
            section: argument.section.isEmpty ? nil : argument.section, values: argument.values)
    }
}
