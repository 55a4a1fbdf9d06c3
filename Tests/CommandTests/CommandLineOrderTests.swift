import Testing

@testable import gocker_compose

@Suite("Options before and behind the command")
struct CommandLineOrderTests {
    private func normalize(_ text: String) -> String {
        CommandLineOrder.normalize(text.split(separator: " ").map(String.init)).joined(separator: " ")
    }

    @Test(arguments: [
        ("-f a.yaml up -d", "up --file a.yaml -d"),
        ("-fa.yaml -pweb up", "up --file=a.yaml --project-name=web"),
        ("--file=a --strict ps", "ps --file=a --strict"),
        (
            "--progress plain --ansi never --parallel 3 --dry-run up",
            "up --progress plain --ansi never --parallel 3 --dry-run"
        ),
        ("up -f a.yaml -p web", "up --file a.yaml --project-name web"),
        ("up -fa.yaml", "up --file=a.yaml"),
    ])
    func sharedOptionsAreSpelledOutBehindTheCommand(typed: String, read: String) {
        #expect(normalize(typed) == read)
    }

    @Test func whatStandsHereOnceMoreIsWhatIsDefined() throws {
        let globals = try #require(CommandDefinition(GlobalOptions.self)).arguments.filter {
            !$0.names.contains("--help")
        }
        #expect(Set(globals.filter { $0.kind == .option }.flatMap(\.names)) == CommandLineOrder.valued)
        #expect(Set(globals.filter { $0.kind == .flag }.flatMap(\.names)) == CommandLineOrder.flags)
        let commands = try #require(CommandDefinition(GockerCompose.self)).subcommands
        let stackless = commands.filter { command in
            ([command] + command.subcommands).allSatisfy { $0.argument(named: "--file") == nil }
        }.map(\.name)
        #expect(Set(stackless) == CommandLineOrder.stackless)
    }

    @Test(arguments: [
        ("-f a.yaml export swarm -o x", "export swarm --file a.yaml -o x"),
        ("export -f a.yaml swarm", "export swarm --file a.yaml"),
        ("export swarm -f a.yaml", "export swarm --file a.yaml"),
        ("-p x export -o f web", "export --project-name x -o f web"),
        ("export -p x -o f web -f a", "export --project-name x -o f web --file a"),
    ])
    func ofACommandInAnotherOneTheyAreTheInnermosts(typed: String, read: String) {
        #expect(normalize(typed) == read)
    }

    @Test func aLetterThatTheCommandHasIsTheCommands() {
        #expect(normalize("logs -f web") == "logs -f web")
        #expect(normalize("-f a.yaml logs -f") == "logs --file a.yaml -f")
        #expect(normalize("logs -p x -f") == "logs --project-name x -f")
        #expect(normalize("version -f json") == "version -f json")
    }

    @Test(arguments: [
        ("up --detach=true --wait=false", "up --detach"),
        ("up --menu=false", "up --no-menu"),
        ("ps --orphans=false --no-orphans=true", "ps --no-orphans --no-orphans"),
        ("--dry-run=false --strict=true up", "up --strict"),
        ("up --detach=yes", "up --detach=yes"),
        ("attach --sig-proxy=false web", "attach --sig-proxy=false web"),
        ("run -e A=true --env=B=false web x --rm=false", "run -e A=true --env=B=false web x --rm=false"),
        ("exec web x --wait=false", "exec web x --wait=false"),
        ("stop -- --dry-run=false", "stop -- --dry-run=false"),
    ])
    func aFlagMayHaveAValue(typed: String, read: String) {
        #expect(normalize(typed) == read)
    }

    @Test func theValueOfAnotherOptionIsNone() {
        #expect(normalize("ps --format -f -f a") == "ps --format -f --file a")
        #expect(normalize("logs -n -p") == "logs -n -p")
        #expect(normalize("ps -- -f") == "ps -- -f")
    }

    @Test func whatIsAboutNoStackGetsNone() {
        #expect(normalize("-p x version") == "version")
        #expect(normalize("--ansi never completion bash") == "completion bash")
    }

    @Test func theProgramsOwnOptionsStay() {
        #expect(normalize("--help") == "--help")
        #expect(normalize("-p x --version") == "--version")
        #expect(normalize("--bogus up") == "--bogus up")
        #expect(normalize("") == "")
    }

    @Test func anUnfinishedLineGivesWhatCanBeRead() {
        let words = ["ps", "-q", "-p", "web", "--file=a", "--format"]
        #expect(CommandLineOrder.globals(in: words) == ["--project-name", "web", "--file=a"])
    }
}
