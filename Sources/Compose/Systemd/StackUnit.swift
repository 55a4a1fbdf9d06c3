/// A systemd unit that brings a stack up, keeps its supervisor alive, and takes it down. See systemd.service(5).
public struct StackUnit {
    /// What the unit is called.
    public let name: String
    private let description: String
    private let program: String
    /// The options that say which stack is meant.
    private let options: [String]
    /// Directives of its own, beside those that all such units have.
    private let settings: [String]

    /// The unit of one stack.
    ///
    /// - Parameters:
    ///   - files: absolute paths.
    ///   - program: the path of `gocker-compose`.
    ///   - environment: `NAME=value` that it needs to find what belongs to the stack.
    public init(_ stack: Stack, files: [String], program: String, environment: [String]) {
        name = "gocker-\(stack.name).service"
        description = "Stack \(stack.name) (\(UnitText.oneLine(stack.directory)))"
        self.program = program
        options =
            ["--project-name", stack.name.text, "--project-directory", stack.directory]
            + files.flatMap { ["--file", $0] }
        settings = environment.map { "Environment=\(UnitText.quoted($0))" }
    }

    private init(name: String, description: String, program: String, settings: [String]) {
        self.name = name
        self.description = description
        self.program = program
        options = []
        self.settings = settings
    }

    /// Where the stacks of the template are, each in a directory of its own.
    public static let stacks = "/etc/gocker/stacks"

    /// The template for all stacks in `stacks`: `gocker@NAME` is the one in the directory `NAME`, found there as by
    /// whoever gives a command in it.
    public static func template(program: String) -> StackUnit {
        StackUnit(
            name: "gocker@.service", description: "Stack %i (\(stacks)/%i)", program: program,
            settings: ["WorkingDirectory=\(stacks)/%i"])
    }

    private func command(_ words: String...) -> String {
        // Variables are put in place in arguments only.
        ([UnitText.quoted(program)] + (options + words).map(UnitText.quotedArgument)).joined(separator: " ")
    }

    /// The unit file.
    public var text: String {
        """
        # Made by gocker-compose install-unit; made anew, it is overwritten.
        [Unit]
        Description=\(description)
        Documentation=man:gocker-compose-supervise(1)
        Wants=network-online.target
        After=network-online.target local-fs.target

        [Service]
        Type=notify
        NotifyAccess=main
        \(settings.map { "\($0)\n" }.joined())\
        ExecStart=\(command("supervise"))
        ExecReload=\(command("up", "-d"))
        Restart=on-failure
        RestartSec=100ms
        # A supervisor that has died is started again and goes on with the services, which did not notice.
        KillMode=process
        FileDescriptorStoreMax=4096
        WatchdogSec=60
        TimeoutStartSec=infinity
        # The supervisor asks for as long as its services may take to stop.
        TimeoutStopSec=60
        Delegate=yes
        LimitNOFILE=524288

        [Install]
        WantedBy=multi-user.target

        """
    }
}

/// Text as unit files have it. See systemd.syntax(7).
enum UnitText {
    /// In a line of its own that people read.
    static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 32 ? " " : $0 })
        )
        .replacing("%", with: "%%")
    }

    /// One word where words are split. See systemd.service(5), "Command lines".
    static func quoted(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
        let escaped = word.unicodeScalars.map { scalar in
            switch scalar {
            case "\\", "\"": "\\\(scalar)"
            case "%": "%%"
            case "\n": "\\n"
            case "\t": "\\t"
            case "\r": "\\r"
            default: "\(scalar)"
            }
        }
        return "\"\(escaped.joined())\""
    }

    /// One argument of a command.
    static func quotedArgument(_ word: String) -> String { quoted(word).replacing("$", with: "$$") }

    private static func isPlain(_ byte: UInt8) -> Bool {
        // Digits and +,-./, letters, _ and =.
        (0x2B...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "=")
    }
}
