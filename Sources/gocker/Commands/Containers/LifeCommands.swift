internal import Linux
internal import Runtime

enum StartCommand: ContainerCommand {
    static let name = "start"
    static let example = "gocker start box"
    static let operands = "<container>"
    static let summary = "Execute the process of a created container."

    static func run(_ words: [String], _: NoOptions, in context: ContainerContext) throws -> Int32 {
        try context.container(try onlyName(words)).start()
        return 0
    }
}

enum KillCommand: ContainerCommand {
    struct Options {
        var all = false
    }

    static let name = "kill"
    static let example = "gocker kill box TERM"
    static let operands = "<container> [<signal>]"
    static let summary = "Send a signal, TERM if none is named, to a container's first process."
    static var table: [Option<Options>] {
        [.flag("-a", "--all", help: "Send it to all of its processes.") { $0.all = true }]
    }
    static var initial: Options { Options() }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        guard (1...2).contains(words.count) else { throw UsageError("kill: expected \(operands)") }
        guard let signal = words.count == 2 ? Signal(words[1]) : .terminate else {
            throw UsageError("kill: \"\(words[1])\" is no signal; expected a name such as TERM, or a number")
        }
        try context.container(try containerName(words[0])).kill(signal, all: options.all)
        return 0
    }
}

enum DeleteCommand: ContainerCommand {
    struct Options {
        var force = false
    }

    static let name = "delete"
    static let example = "gocker delete --force box"
    static let operands = "<container> …"
    static let summary = "Take away what is left of stopped containers."
    static var table: [Option<Options>] {
        [.flag("-f", "--force", help: "Kill those that run; those that do not exist are no error.") { $0.force = true }]
    }
    static var initial: Options { Options() }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        guard !words.isEmpty else { throw UsageError("delete: expected \(operands)") }
        for word in words {
            do {
                try context.container(try containerName(word)).delete(force: options.force, warn: context.warn)
            } catch LifecycleError.missing where options.force {
                continue
            }
        }
        return 0
    }
}

enum PauseCommand: ContainerCommand {
    static let name = "pause"
    static let example = "gocker pause box"
    static let operands = "<container>"
    static let summary = "Stop all processes of a container from running on."

    static func run(_ words: [String], _: NoOptions, in context: ContainerContext) throws -> Int32 {
        try context.container(try onlyName(words)).pause()
        return 0
    }
}

enum ResumeCommand: ContainerCommand {
    static let name = "resume"
    static let example = "gocker resume box"
    static let operands = "<container>"
    static let summary = "Let the processes of a paused container run on."

    static func run(_ words: [String], _: NoOptions, in context: ContainerContext) throws -> Int32 {
        try context.container(try onlyName(words)).resume()
        return 0
    }
}
