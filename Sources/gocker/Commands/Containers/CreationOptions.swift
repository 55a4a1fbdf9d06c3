internal import Linux
internal import Runtime

/// What `create` and the `run` of a bundle can be told.
struct CreationOptions {
    var bundle = "."
    var consoleSocket: String?
    var pidFile: String?
    var preserved = 0
    var movesRoot = false
    var makesKeyring = true
    var isDetached = false
    var isKept = false
}

extension CreationOptions {
    static var table: [Option<CreationOptions>] {
        [
            .text("-b", "--bundle", valueName: "dir", help: "The directory with config.json (default: this one).") {
                $0.bundle = $1
            },
            .text("--console-socket", valueName: "path", help: "A Unix socket to send the terminal to.") {
                $0.consoleSocket = $1
            },
            .text("--pid-file", valueName: "file", help: "Where to write the number of the first process.") {
                $0.pidFile = $1
            },
            .value(
                "--preserve-fds", valueName: "n", help: "How many descriptors from 3 on the process keeps.",
                expected: "a whole number, not below 0"
            ) {
                Int($0).flatMap { (0...65536).contains($0) ? $0 : nil }
            } apply: {
                $0.preserved = $1
            },
            .flag("--no-pivot", help: "Use MS_MOVE and chroot in place of pivot_root, for a root on a ramfs.") {
                $0.movesRoot = true
            },
            .flag("--no-new-keyring", help: "Keep the caller's session keyring.") { $0.makesKeyring = false },
        ]
    }

    func creation(
        _ name: ContainerName, in context: ContainerContext, keepsTerminal: Bool
    ) throws -> ContainerCreation {
        try context.options.check()
        try context.log.check()
        var options = ContainerCreation.Options()
        options.consoleSocket = consoleSocket
        options.pidFile = pidFile
        // systemd's way to pass sockets on. See sd_listen_fds(3).
        options.sockets = environmentVariable("LISTEN_FDS").flatMap { Int($0) }.map { max(0, $0) } ?? 0
        options.preserved = preserved + options.sockets
        options.movesRoot = movesRoot
        options.makesKeyring = makesKeyring
        options.keepsTerminal = keepsTerminal
        if keepsTerminal { options.terminalSize = try? FileDescriptor.duplicate(0).terminalSize() }
        options.cgroups = context.options.cgroups
        let log = context.log
        options.warn = { log.write(.warning, $0) }
        return try ContainerCreation(name, of: try Bundle(at: bundle), in: context.store, options: options)
    }
}
