import Linux
import Testing

/// The scripts in the shells that they are for.
@Suite("Completion in shells")
struct CompletionTests {
    private static func isThere(_ shell: String) -> Bool { (try? FileStatus.of("/usr/bin/\(shell)")) != nil }

    /// Runs a script of a shell in a directory with a stack file.
    private func run(_ shell: String, _ options: [String], _ script: String) throws -> [String] {
        let directory = try TemporaryDirectory()
        try directory.write(
            "stack.yaml",
            """
            services:
              web: {rootfs: r, command: [x]}
              worker: {rootfs: r, command: [x]}
              db: {rootfs: r, command: [x], profiles: [debug]}
            """)
        let outcome = try Program(path: "/usr/bin/\(shell)").run(
            options + ["-c", "cd \(directory.path); \(script)"],
            environment: ["PATH=\(TestFiles.binaries):/usr/bin:/bin"])
        #expect(outcome.errors == "")
        return outcome.lines
    }

    private func bash(_ words: String...) throws -> [String] {
        let program = words[0]
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        return try run(
            "bash", ["--norc"],
            """
            eval "$(\(program) completion bash)"
            COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1); compopt() { echo "compopt $*"; }
            $(complete -p \(program) | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
            [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
            """)
    }

    @Test(.enabled(if: isThere("bash"), "there is no bash")) func inBash() throws {
        #expect(try bash("gocker-compose", "ps", "w") == ["web", "worker"])
        #expect(try bash("gocker-compose", "pl") == ["plan"])
        #expect(try bash("gocker-compose", "--progress", "=", "t") == ["tty"])
        #expect(try bash("gocker-compose", "--profile", "") == ["debug"])
        #expect(try bash("gocker-compose", "ps", "--no-t") == ["--no-trunc"])
        #expect(try bash("gocker-compose", "-f", "") == ["compopt -o default"])
        #expect(try bash("gocker-compose", "--project-directory", "") == ["compopt -o dirnames"])
        #expect(try bash("gocker", "doctor", "--format", "") == ["text", "json"])
        #expect(try bash("gocker", "ro") == ["rootfs"])
        #expect(try bash("gocker", "rootfs", "create", "") == ["compopt -o dirnames"])
    }

    @Test(.enabled(if: isThere("zsh"), "there is no zsh")) func inZsh() throws {
        func zsh(_ words: String...) throws -> [String] {
            let list = words.map { "'\($0)'" }.joined(separator: " ")
            return try run(
                "zsh", ["-f"],
                """
                compdef() { }; _files() { print "files $*" }; _describe() { print -l -- ${(P)2} }
                eval "$(gocker-compose completion zsh)"
                words=(\(list)); CURRENT=\(words.count); _gocker_compose
                """)
        }
        #expect(try zsh("gocker-compose", "ps", "w") == ["web", "worker"])
        #expect(try zsh("gocker-compose", "pl") == ["plan:Show what up would do, and why."])
        #expect(try zsh("gocker-compose", "-f", "") == ["files "])
        #expect(try zsh("gocker-compose", "--project-directory", "") == ["files -/"])
    }

    @Test(.enabled(if: isThere("fish"), "there is no fish")) func inFish() throws {
        func fish(_ line: String) throws -> [String] {
            try run("fish", ["--no-config"], "gocker-compose completion fish | source; complete -C '\(line)'")
        }
        #expect(try fish("gocker-compose ps w") == ["web", "worker"])
        #expect(try fish("gocker-compose pl") == ["plan\tShow what up would do, and why."])
        #expect(try fish("gocker-compose --progress t") == ["tty"])
        #expect(try fish("gocker-compose -f st") == ["stack.yaml"])
    }
}
