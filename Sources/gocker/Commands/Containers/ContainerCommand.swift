internal import Linux
internal import Manual
internal import Runtime

/// What the commands on containers of bundles have in common: the verbs of an OCI runtime.
struct ContainerContext {
    let options: GlobalOptions
    let store: ContainerStore
    let log: RuntimeLog

    init(_ options: GlobalOptions) throws {
        self.options = options
        store = try options.store()
        log = RuntimeLog(options)
    }

    func warn(_ message: String) { log.write(.warning, message) }

    func container(_ name: ContainerName) throws(LifecycleError) -> StoredContainer { try store.open(name) }
}

/// One verb.
protocol ContainerCommand {
    associatedtype Options

    static var name: String { get }
    /// What comes behind the options, e.g. `<container>`.
    static var operands: String { get }
    static var summary: String { get }
    /// A command line that makes sense.
    static var example: String { get }
    static var table: [Option<Options>] { get }
    static var initial: Options { get }
    /// Whether what follows the first operand is another program's.
    static var stopsAtOperands: Bool { get }

    /// - Parameter words: what is left behind the options.
    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32
}

extension ContainerCommand {
    static func run(_ words: [String], in context: ContainerContext) throws -> Int32 {
        if words.contains("--help") || words.contains("-h") {
            writeLine(help, to: .standardOutput)
            return 0
        }
        var options = initial
        let parser = OptionParser(options: table)
        var operands: [String] = []
        var rest = words
        // Engines write options on either side of the container's name.
        while true {
            rest = try parser.parse(rest, into: &options)
            guard let word = rest.first else { break }
            operands.append(word)
            rest.removeFirst()
            if stopsAtOperands { break }
        }
        return try run(operands + rest, options, in: context)
    }

    static var stopsAtOperands: Bool { false }

    static var help: String { HelpPage.text(page, width: 100) }

    static var page: CommandPage {
        CommandPage(
            "gocker \(name)", abstract: summary, discussion: "EXAMPLES:\n  \(example)", options: table.map(\.page),
            operands: operands.split(separator: " ").map { Self.operand(String($0)) }.filter { !$0.name.isEmpty })
    }

    /// Reads `<container>` and `[<argument>]`; a `…` alone belongs to the word before it.
    private static func operand(_ text: String) -> CommandPage.Operand {
        let name = text.filter { !"<>[]…".contains($0) }
        return CommandPage.Operand(
            name, help: "", isOptional: text.hasPrefix("["),
            values: name == "container" ? .names("containers") : .unknown)
    }

    /// The container that a single operand names.
    static func onlyName(_ words: [String]) throws -> ContainerName {
        guard words.count == 1 else { throw UsageError("\(name): expected \(operands)") }
        return try containerName(words[0])
    }

    static func containerName(_ word: String) throws -> ContainerName {
        guard let name = ContainerName(word) else {
            throw UsageError(
                "invalid container id \"\(word)\": expected letters, digits and _ + - . only, not beginning with a dot")
        }
        return name
    }
}

/// Options of a command that has none.
struct NoOptions {}

extension ContainerCommand where Options == NoOptions {
    static var table: [Option<NoOptions>] { [] }
    static var initial: NoOptions { NoOptions() }
}
