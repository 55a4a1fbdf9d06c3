import Linux
import Testing

@Suite(
    "The terminal of gocker run", .enabled(if: TestFiles.isRoot, "containers need root"),
    .enabled(if: AtTerminal.isUsable, "a terminal to test with needs script(1)"))
struct RunTerminalTests {
    /// Runs a shell script on the host on a terminal of its own, and gives what that showed.
    private func atTerminal(_ script: String) throws -> Program.Outcome {
        try AtTerminal.run(
            script, environment: ["GOCKER=\(Program.gocker.path)", "ROOTFS=\(TestFiles.rootfs)"])
    }

    @Test func isTheContainersOwn() throws {
        let outcome = try atTerminal(
            #"stty cols 132 rows 50; "$GOCKER" run -it --rootfs "$ROOTFS" sh -c 'tty; stty size; tty < /dev/console; exit 3'"#
        )
        #expect(outcome.exitCode == 3)
        #expect(
            outcome.output.contains("/dev/pts/0\n50 132\n/dev/console\n")
                || outcome.output.contains("/dev/pts/0\n50 132\n/dev/pts/0\n"), "\(outcome)")
    }

    @Test func isThereWithoutAnyOptionForAPersonAtOne() throws {
        let run = #""$GOCKER" run --rootfs "$ROOTFS""#
        #expect(try atTerminal("\(run) tty").output.contains("/dev/pts/0\n"))
        #expect(try atTerminal("\(run) tty < /dev/null").output.contains("not a tty\n"))
    }

    @Test func tellsAPersonAtOneWhichProcessItIs() throws {
        let run = #""$GOCKER" run --rootfs "$ROOTFS""#
        #expect(try atTerminal("\(run) tty").output.contains("Running [tty] as 1\n"))
        for way in ["\(run) -q tty", "\(run) tty 2>/dev/null", "\(run) -i tty | cat"] {
            #expect(try !atTerminal(way).output.contains("Running"))
        }
    }

    @Test func controlsJobs() throws {
        let outcome = try atTerminal(
            #""$GOCKER" run -it --rootfs "$ROOTFS" sh -ic 'sleep 5 & jobs; kill %1; ps -o pid,tty,comm | grep sh; exit 4'"#
        )
        #expect(outcome.exitCode == 4)
        #expect(!outcome.output.contains("job control turned off"))
        #expect(!outcome.output.contains("access tty"))
        #expect(outcome.output.contains("[1]+  Running"))
    }

    @Test func takesWhatIsTypedAndControlCInside() throws {
        let outcome = try atTerminal(
            #"""
            (until [ -e "$DIRECTORY/up" ]; do sleep 0.02; done; printf 'typed\n'
            until [ -e "$DIRECTORY/read" ]; do sleep 0.02; done; printf '\003'
            until [ -e "$DIRECTORY/done" ]; do sleep 0.02; done) |
            "$GOCKER" run -it -v "$DIRECTORY:/v" --rootfs "$ROOTFS" sh -c '
                trap "echo interrupted; : > /v/done; exit 5" INT
                : > /v/up; read line; echo "read $line"; : > /v/read; while :; do sleep 0.02; done'
            """#)
        #expect(outcome.exitCode == 5)
        #expect(outcome.output.contains("read typed\n"))
        #expect(outcome.output.contains("interrupted\n"))
    }

    /// Runs a container at a terminal, lets `end` end it or gocker, and compares the terminal's mode.
    private func modes(end: String) throws -> Program.Outcome {
        try atTerminal(
            #"""
            exec 3<&0
            before=$(stty -g)
            "$GOCKER" run -it --name e2e-terminal -v "$DIRECTORY:/v" --rootfs "$ROOTFS" sh -c '
                trap "exit 6" TERM; : > /v/up; while [ ! -e /v/end ]; do sleep 0.02; done; exit 7' <&3 &
            gocker=$!
            until [ -e "$DIRECTORY/up" ] && [ "$(stty -g)" != "$before" ]; do sleep 0.02; done
            \#(end)
            wait $gocker; echo "code $?"
            for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                [ "$(stty -g)" = "$before" ] && break; sleep 0.1
            done
            [ "$(stty -g)" = "$before" ] && echo restored
            """#)
    }

    @Test(
        .serialized,
        arguments: [
            (": > \"$DIRECTORY/end\"", 7), ("kill -TERM $gocker", 6), ("kill -KILL $gocker", 137),
        ])
    func isRestoredHoweverTheRunEnds(end: String, code: Int32) throws {
        let outcome = try modes(end: end)
        #expect(outcome.output.contains("code \(code)\n"))
        #expect(outcome.output.contains("restored\n"))
        try removeCgroup(ofKilled: "e2e-terminal")
    }

    @Test func followsTheCallersSize() throws {
        let outcome = try atTerminal(
            #"""
            exec 3<&0
            stty cols 80 rows 24
            "$GOCKER" run -it -v "$DIRECTORY:/v" --rootfs "$ROOTFS" sh -c '
                : > /v/up; until [ "$(stty size)" = "33 99" ]; do sleep 0.02; done; echo resized' <&3 &
            until [ -e "$DIRECTORY/up" ]; do sleep 0.02; done
            stty cols 99 rows 33
            wait $!
            """#)
        #expect(outcome.output.contains("resized\n"))
    }
}
