import JSON
import Linux
import Testing

@Suite("The terminal", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct TerminalTests {
    private func container(
        _ script: String, _ change: (inout Configuration) throws -> Void = { _ in }
    ) throws -> (Container, ConsoleListener) {
        let container = try Container(script) {
            $0["process.terminal"] = true
            try change(&$0)
        }
        return (container, try ConsoleListener(in: container.directory))
    }

    /// config.md, `terminal`: the standard streams are one, and engines get its other side.
    @Test func isHandedOver() throws {
        let (container, listener) = try container(
            "tty; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all; read line; echo \"read $line\"; sleep 1000")
        #expect(try container.create("--console-socket", listener.path).succeeded)
        let terminal = try listener.receive()
        #expect(terminal.isTerminal)
        #expect(try container.start().succeeded)
        #expect(try eventually { terminal.output().contains("all\n") })
        #expect(terminal.output().contains("/dev/pts/0\n") || terminal.output().contains("/dev/console\n"))
        try terminal.type("typed\n")
        #expect(try eventually { terminal.output().contains("read typed\n") }, "\(terminal.output())")
    }

    /// config.md, `consoleSize`: the size of the terminal.
    @Test func hasItsSize() throws {
        let (container, listener) = try container("stty size; sleep 1000") {
            $0["process.consoleSize"] = ["height": 33, "width": 99]
        }
        #expect(try container.create("--console-socket", listener.path).succeeded)
        let terminal = try listener.receive()
        #expect(try container.start().succeeded)
        #expect(try eventually { terminal.output().contains("33 99\n") }, "\(terminal.output())")
    }

    /// It is the controlling one, and what is typed is signals.
    @Test func controlsJobs() throws {
        let (container, listener) = try container(
            "trap 'echo interrupted' INT; echo up; while :; do sleep 0.02; done")
        #expect(try container.create("--console-socket", listener.path).succeeded)
        let terminal = try listener.receive()
        #expect(try container.start().succeeded)
        #expect(try eventually { terminal.output().contains("up\n") })
        try terminal.type("\u{3}")
        #expect(try eventually { terminal.output().contains("interrupted\n") }, "\(terminal.output())")
    }

    /// config-linux.md, Default Devices: the console is the terminal.
    @Test func isTheConsole() throws {
        let (container, listener) = try container("echo text > /dev/console; ls /dev/console; sleep 1000")
        #expect(try container.create("--console-socket", listener.path).succeeded)
        let terminal = try listener.receive()
        #expect(try container.start().succeeded)
        #expect(try eventually { terminal.output().contains("text\n/dev/console\n") }, "\(terminal.output())")
    }

    @Test func belongsToTheUser() throws {
        let (container, listener) = try container("stat -c %u $(tty); sleep 1000") {
            $0["process.user"] = ["uid": 1000, "gid": 1000]
        }
        #expect(try container.create("--console-socket", listener.path).succeeded)
        let terminal = try listener.receive()
        #expect(try container.start().succeeded)
        #expect(try eventually { terminal.output().contains("1000\n") }, "\(terminal.output())")
    }

    @Test func isThereForExec() throws {
        let container = try Container.running()
        let listener = try ConsoleListener(in: container.directory)
        let outcome = try container.runtime(
            "exec", "--tty", "--detach", "--console-socket", listener.path, container.id, "sh", "-c",
            "tty; echo done; sleep 1000")
        #expect(outcome.succeeded, "\(outcome.report)")
        let terminal = try listener.receive()
        #expect(try eventually { terminal.output().contains("done\n") }, "\(terminal.output())")
        #expect(!terminal.output().contains("not a tty"))
    }

    /// A terminal that nobody receives is an error, and so is a receiver without a terminal.
    @Test func needsItsReceiver() throws {
        let (container, _) = try container("true")
        let outcome = try container.create()
        #expect(!outcome.succeeded)
        #expect(try container.leftovers() == [])
    }

    @Test func isNotHandedOverWhereThereIsNone() throws {
        let (container, listener) = try container("true") { $0["process.terminal"] = false }
        #expect(!(try container.create("--console-socket", listener.path).succeeded))
    }

    @Test func isAnErrorWhereTheSocketIsNone() throws {
        let (container, _) = try container("true")
        #expect(!(try container.create("--console-socket", "\(container.directory.path)/none").succeeded))
        #expect(try container.leftovers() == [])
    }

    /// config.md, `consoleSize`: ignored without a terminal.
    @Test func hasNoSizeWhereThereIsNone() throws {
        let lines = try Container.lines("[ -t 0 ] || echo none") {
            $0["process.consoleSize"] = ["height": 33, "width": 99]
        }
        #expect(lines == ["none"])
    }

    /// In the foreground the runtime itself passes on what is typed and printed.
    @Test(.enabled(if: exists("/usr/bin/script"), "a terminal to test with needs script(1)"))
    func isPassedOnInTheForeground() throws {
        // The size may come a moment later than the terminal.
        let (container, _) = try container(
            "for n in $(seq 100); do [ \"$(stty size)\" = '50 132' ] && break; sleep 0.02; done; tty; stty size; exit 3"
        )
        try container.writeConfig()
        let command =
            "stty cols 132 rows 50; \(OCIRuntime.path) --root \(container.stateRoot) run --bundle \(container.bundle) "
            + "\(container.id); echo code $?"
        let outcome = try Program(path: "/usr/bin/script").run(["-qec", command, "/dev/null"])
        #expect(outcome.output.contains("code 3"), "\(outcome.report)")
        #expect(outcome.output.contains("50 132"), "\(outcome.report)")
        #expect(!outcome.output.contains("not a tty"))
    }
}
