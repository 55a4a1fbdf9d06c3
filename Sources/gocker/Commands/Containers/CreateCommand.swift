internal import Linux
internal import Runtime

enum CreateCommand: ContainerCommand {
    static let name = "create"
    static let example = "gocker create --bundle . --pid-file pid box"
    static let operands = "<container>"
    static let summary = "Make a container of a bundle, up to the execution of its process."
    static var table: [Option<CreationOptions>] { CreationOptions.table }
    static var initial: CreationOptions { CreationOptions() }

    static func run(_ words: [String], _ options: CreationOptions, in context: ContainerContext) throws -> Int32 {
        _ = try options.creation(try onlyName(words), in: context, keepsTerminal: false).run()
        return 0
    }
}

enum RunBundleCommand: ContainerCommand {
    static let name = "run"
    static let example = "gocker run --bundle . box"
    static let operands = "<container>"
    static let summary = "Make a container of a bundle, start it, and take it away when it has ended."
    static var table: [Option<CreationOptions>] {
        CreationOptions.table + [
            .flag("-d", "--detach", help: "Do not wait for its end.") { $0.isDetached = true },
            .flag("--keep", help: "Keep what there is of it when it has ended.") { $0.isKept = true },
            .flag("--no-subreaper", help: "Accepted; orphans are never adopted.") { _ in },
        ]
    }
    static var initial: CreationOptions { CreationOptions() }

    static func run(_ words: [String], _ options: CreationOptions, in context: ContainerContext) throws -> Int32 {
        let name = try onlyName(words)
        let isAttached = !options.isDetached
        let creation = try options.creation(name, in: context, keepsTerminal: isAttached)
        guard isAttached else {
            _ = try creation.run()
            do {
                try context.container(name).start()
            } catch {
                try? context.container(name).delete(force: true, warn: context.warn)
                throw error
            }
            return 0
        }
        return try creation.run().run(keep: options.isKept, warn: context.warn).shellCode
    }

    /// Whether the words behind `run` are about a bundle rather than a command: an option says so that only bundles
    /// have, or there is one word only, the name of a container, and a config.json is at hand.
    static func isMeant(by words: [String], hasBundle: () -> Bool) -> Bool {
        // On the way of every start: no set. See docs/architecture.md, "Decisions".
        let own = [
            "-b", "--bundle", "--console-socket", "--pid-file", "--preserve-fds", "--no-new-keyring", "-d", "--detach",
            "--keep", "--no-subreaper",
        ]
        for word in words {
            guard word.hasPrefix("-") else { break }
            for option in own where word == option || word.hasPrefix(option + "=") { return true }
        }
        guard words.count == 1, let word = words.first else { return false }
        return ContainerName(word) != nil && hasBundle()
    }
}
