import Linux
import Testing

/// Where the value of a variable of `run` comes from.
@Suite("The environment of run", .enabled(if: TestFiles.isRoot, "containers need root"))
struct RunEnvironmentTests {
    private func stack() throws -> StackFixture {
        let stack = try StackFixture(
            """
            services:
              probe:
                rootfs: rootfs
                command: ["true"]
                environment: {WHERE: service, PASSED: null}
                env_file: [{path: ./service.env}]
              raw: {rootfs: rootfs, command: [sh, -c, "echo $$KEY"], env_file: [{path: ./raw.env, format: raw}]}
            """)
        try stack.directory.write(".env", "WHERE=dotenv\nPLAIN=1234#5\nCOMMENT=1234 # no more\nQUOTED=\"1234 #5\"\n")
        try stack.directory.write("over.env", "WHERE=over\n")
        try stack.directory.write("default.env", "WHERE=${WHERE:-default}\n")
        try stack.directory.write("service.env", "WHERE=envfile\nFROM_FILE=yes\n")
        try stack.directory.write("raw.env", "KEY='{\"key\": \"value\"}'\n")
        return stack
    }

    private func value(
        _ stack: StackFixture, _ name: String, run: [String] = [], options: [String] = [], shell: [String] = []
    ) throws -> String {
        try Program.compose.run(
            ["-f", stack.file, "-p", stack.project] + options + ["run", "--rm", "-T"] + run
                + ["probe", "sh", "-c", "echo \"$\(name)\""], environment: stack.environment + shell
        ).output
    }

    @Test func isTheShellsBeforeTheFilesBeforeTheServices() throws {
        let stack = try stack()
        let passed = ["-e", "WHERE"]
        #expect(try value(stack, "WHERE") == "service\n")
        #expect(try value(stack, "WHERE", run: passed) == "dotenv\n")
        #expect(try value(stack, "WHERE", run: passed, shell: ["WHERE=shell"]) == "shell\n")
        let over = ["--env-file", "\(stack.directory.path)/over.env"]
        #expect(try value(stack, "WHERE", run: passed, options: over) == "over\n")
        #expect(try value(stack, "WHERE", run: passed, options: over, shell: ["WHERE=shell"]) == "shell\n")
        #expect(try value(stack, "WHERE", run: ["-e", "WHERE=here"], options: over) == "here\n")
        let byDefault = ["--env-file", "\(stack.directory.path)/default.env"]
        #expect(try value(stack, "WHERE", run: passed, options: byDefault) == "default\n")
        #expect(try value(stack, "WHERE", run: passed, options: byDefault, shell: ["WHERE=shell"]) == "shell\n")
        #expect(
            try value(stack, "WHERE", run: passed, shell: ["COMPOSE_ENV_FILES=\(stack.directory.path)/default.env"])
                == "default\n")
    }

    @Test func hasCommentsCutOffUnlessTheyAreQuoted() throws {
        let stack = try stack()
        #expect(try value(stack, "COMMENT", run: ["-e", "COMMENT"]) == "1234\n")
        #expect(try value(stack, "PLAIN", run: ["-e", "PLAIN"]) == "1234#5\n")
        #expect(try value(stack, "QUOTED", run: ["-e", "QUOTED"]) == "1234 #5\n")
    }

    @Test func hasTheServicesFilesAndWhatIsPassedOn() throws {
        let stack = try stack()
        #expect(try value(stack, "FROM_FILE") == "yes\n")
        #expect(try value(stack, "PASSED", shell: ["PASSED=through"]) == "through\n")
        #expect(try value(stack, "PASSED") == "\n")
        #expect(try stack.compose("run", "--rm", "-T", "raw").output == "'{\"key\": \"value\"}'\n")
    }
}
