import Linux
import Testing

@Suite("--preserve-fds", .enabled(if: OCIRuntime.isUsable, "\(OCIRuntime.reason)"))
struct DescriptorOptionTests {
    private static let files = """
        echo three > "$DIRECTORY/3"; echo four > "$DIRECTORY/4"
        exec 3<"$DIRECTORY/3" 4<"$DIRECTORY/4" 5</ 6</etc
        """

    /// The descriptors from 3 on, and only as many as said.
    @Test(arguments: [(0, []), (1, ["three"]), (2, ["three", "four"])] as [(Int, [String])])
    func passesAsManyAsSaid(count: Int, expected: [String]) throws {
        let container = try Container(
            "for n in 3 4 5 6 7; do [ -e /proc/self/fd/$n ] && [ -f /proc/self/fd/$n ] && cat <&$n; done 2>/dev/null; true"
        )
        let outcome = try container.onHost(
            Self.files + "\n" + #"exec "$RUNTIME" --root "$ROOT" run --preserve-fds \#(count) --bundle "$BUNDLE" "$ID""#
        )
        #expect(outcome.lines == expected, "\(outcome.report)")
    }

    @Test func passesThemThroughCreateAndStart() throws {
        let container = try Container("cat <&3; cat <&4; sleep 1000")
        let outcome = try container.onHost(
            Self.files + "\n" + #"exec "$RUNTIME" --root "$ROOT" create --preserve-fds 2 --bundle "$BUNDLE" "$ID""#)
        #expect(outcome.succeeded, "\(outcome.report)")
        #expect(try container.start().succeeded)
        #expect(try eventually { container.output == "three\nfour\n" })
    }

    /// Socket activation: what the variables say is passed, with the number of the new process.
    @Test func passesTheSocketsOfActivation() throws {
        let container = try Container(
            "echo $LISTEN_FDS $LISTEN_PID; cat <&3; [ -e /proc/self/fd/4 ] && echo more; true")
        let outcome = try container.onHost(
            Self.files + "\n"
                + #"LISTEN_FDS=1 LISTEN_PID=$$ exec "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID""#)
        #expect(outcome.lines == ["1 1", "three"], "\(outcome.report)")
    }

    @Test func isAnErrorWhereTheyAreNotOpen() throws {
        let container = try Container("echo ran")
        let outcome = try container.onHost(
            #"exec "$RUNTIME" --root "$ROOT" run --preserve-fds 9 --bundle "$BUNDLE" "$ID""#)
        #expect(!outcome.succeeded, "\(outcome.report)")
    }
}
