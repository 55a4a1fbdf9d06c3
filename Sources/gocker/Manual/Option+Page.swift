internal import Manual

extension Option {
    /// As help, man pages and completion see it.
    var page: CommandPage.Option {
        CommandPage.Option(names, valueName: valueName, help: help, values: Self.values(valueName ?? ""))
    }

    /// What a value may be says its name: `text|json` are words.
    private static func values(_ name: String) -> CommandPage.ValueKind {
        switch name {
        case "dir": .directory
        case "file", "src:dst[:ro]": .file
        case _ where name.contains("|"): .words(name.split(separator: "|").map(String.init))
        default: .unknown
        }
    }
}
