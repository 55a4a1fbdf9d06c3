internal import JSON
internal import Linux
internal import Runtime

enum SpecCommand: ContainerCommand {
    struct Options {
        var bundle = "."
        var isRootless = false
        var hasSeccomp = false
    }

    static let name = "spec"
    static let example = "gocker spec --bundle ."
    static let operands = ""
    static let summary = "Write a config.json to begin with: a shell in a container like any other."
    static var initial: Options { Options() }
    static var table: [Option<Options>] {
        [
            .text("-b", "--bundle", valueName: "dir", help: "Where to (default: this directory).") { $0.bundle = $1 },
            .flag("--rootless", help: "For an ordinary user.") { $0.isRootless = true },
            .flag("--seccomp", help: "With the profile of system calls that gocker run has.") { $0.hasSeccomp = true },
        ]
    }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        guard words.isEmpty else { throw UsageError("spec: takes no containers") }
        let path = options.bundle + "/config.json"
        let document = JSONWriter.pretty(
            ExampleDocument.json(isRootless: options.isRootless, hasSeccomp: options.hasSeccomp))
        let file = try FileDescriptor.open(path, [.write, .create, .exclusive], mode: 0o644)
        try file.writeAll(document.utf8)
        return 0
    }
}

enum FeaturesCommand: ContainerCommand {
    static let name = "features"
    static let example = "gocker features"
    static let operands = ""
    static let summary = "Print what Gocker can do, as the specification's features document."

    static func run(_ words: [String], _: NoOptions, in context: ContainerContext) throws -> Int32 {
        guard words.isEmpty else { throw UsageError("features: takes no containers") }
        printText(JSONWriter.pretty(Features.json))
        return 0
    }
}
