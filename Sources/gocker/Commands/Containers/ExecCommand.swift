internal import Linux
internal import Runtime

enum ExecCommand: ContainerCommand {
    struct Options {
        var changes = ContainerExecution.Changes()
        var process: String?
        var consoleSocket: String?
        var pidFile: String?
        var preserved = 0
        var isDetached = false
        var ignoresPause = false
    }

    static let name = "exec"
    static let example = "gocker exec -t box /bin/sh"
    static let operands = "<container> <command> [<argument> …]"
    static let summary = "Run one more process in a container."
    static let stopsAtOperands = true
    static var initial: Options { Options() }
    static var table: [Option<Options>] {
        [
            .text("-p", "--process", valueName: "file", help: "A document that describes the process.") {
                $0.process = $1
            },
            .value("--cwd", valueName: "dir", help: "The working directory inside.", expected: "an absolute path") {
                $0.hasPrefix("/") ? $0 : nil
            } apply: {
                $0.changes.workingDirectory = $1
            },
            .value("-e", "--env", valueName: "name=value", help: "Set a variable. Repeatable.", expected: "NAME=value")
            {
                $0.contains("=") ? $0 : nil
            } apply: {
                $0.changes.environment.append($1)
            },
            .flag("-t", "--tty", help: "Give the process a terminal.") { $0.changes.terminal = true },
            .value(
                "-u", "--user", valueName: "user[:group]", help: "Who to run as, as the container knows them.",
                expected: "NAME or UID, and :GROUP or :GID if wanted"
            ) {
                UserSpecifier($0)
            } apply: {
                $0.changes.user = $1
            },
            .value(
                "-g", "--additional-gids", valueName: "gid", help: "One more group. Repeatable.",
                expected: "the number of a group"
            ) {
                UInt32($0)
            } apply: {
                $0.changes.additionalGroups.append($1)
            },
            .value(
                "-c", "--cap", valueName: "capability", help: "One more capability. Repeatable.",
                expected: "a capability such as CAP_NET_ADMIN"
            ) {
                Capability(name: $0)
            } apply: {
                $0.changes.capabilities.append($1)
            },
            .flag("--no-new-privs", help: "Let it gain no privileges.") { $0.changes.noNewPrivileges = true },
            .text("--console-socket", valueName: "path", help: "A Unix socket to send the terminal to.") {
                $0.consoleSocket = $1
            },
            .text("--pid-file", valueName: "file", help: "Where to write the process's number.") { $0.pidFile = $1 },
            .value(
                "--preserve-fds", valueName: "n", help: "How many descriptors from 3 on the process keeps.",
                expected: "a whole number, not below 0"
            ) {
                Int($0).flatMap { (0...65536).contains($0) ? $0 : nil }
            } apply: {
                $0.preserved = $1
            },
            .flag("-d", "--detach", help: "Do not wait for its end.") { $0.isDetached = true },
            .flag("--ignore-paused", help: "Start it in a paused container, where it waits.") {
                $0.ignoresPause = true
            },
        ]
    }

    static func run(_ words: [String], _ options: Options, in context: ContainerContext) throws -> Int32 {
        guard let first = words.first else { throw UsageError("exec: expected \(operands)") }
        try context.log.check()
        let container = try context.container(try containerName(first))
        var execution = ContainerExecution.Options()
        execution.consoleSocket = options.consoleSocket
        execution.pidFile = options.pidFile
        execution.preserved = options.preserved
        execution.ignoresPause = options.ignoresPause
        execution.keepsTerminal = !options.isDetached
        execution.terminalSize = try? FileDescriptor.duplicate(0).terminalSize()
        let log = context.log
        execution.warn = { log.write(.warning, $0) }
        let process: ContainerExecution
        if let file = options.process {
            process = try ContainerExecution(
                in: container, processAt: file, terminal: options.changes.terminal, options: execution)
        } else {
            guard words.count > 1 else { throw UsageError("exec: no command to run, e.g. gocker exec \(first) sh") }
            var changes = options.changes
            changes.arguments = Array(words.dropFirst())
            process = try ContainerExecution(in: container, changes, options: execution)
        }
        let started = try process.start()
        return options.isDetached ? 0 : try started.wait().shellCode
    }
}
