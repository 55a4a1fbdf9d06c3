internal import Linux
internal import OrderedCollections

/// A systemd unit that brings a stack up, keeps its supervisor alive, and takes it down. See systemd.service(5).
public struct StackUnit {
    private let stack: Stack
    private let files: [String]
    private let program: String
    private let environment: [String]

    /// - Parameters:
    ///   - files: absolute paths.
    ///   - program: the path of `gocker-compose`.
    ///   - environment: `NAME=value` that it needs to find what belongs to the stack.
    public init(_ stack: Stack, files: [String], program: String, environment: [String]) {
        self.stack = stack
        self.files = files
        self.program = program
        self.environment = environment
    }

    /// What the unit is called.
    public var name: String { "gocker-\(stack.name).service" }

    /// Long enough for every service to use up its grace period, those last that others need.
    private var stopTimeout: Int {
        let levels = stack.startOrder.map { level in
            level.compactMap { stack.services[$0]?.stopGracePeriod }.max() ?? .zero
        }
        return Int((levels.reduce(.zero, +) / .seconds(1)).rounded(.up)) + 30
    }

    private func command(_ words: String...) -> String {
        let options =
            ["--project-name", stack.name.text, "--project-directory", stack.directory]
            + files.flatMap { ["--file", $0] }
        return ([program] + options + words).map(Self.quoted).joined(separator: " ")
    }

    /// As systemd.service(5), "Command lines", has it.
    private static func quoted(_ word: String) -> String {
        let escaped = word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%")
            .replacing("$", with: "$$")
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy {
                (0x2B...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || [UInt8(ascii: "_"), UInt8(ascii: "=")].contains($0)
            }
        return isPlain ? word : "\"\(escaped)\""
    }

    /// The unit file.
    public var text: String {
        """
        # Made by gocker-compose install-unit; made anew, it is overwritten.
        [Unit]
        Description=Stack \(stack.name) from \(stack.directory.replacing("%", with: "%%"))
        Documentation=man:gocker-compose(1)
        Wants=network-online.target
        After=network-online.target local-fs.target

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart=\(command("supervise"))
        ExecReload=\(command("up", "-d"))
        Restart=on-failure
        RestartSec=100ms
        # A supervisor that has died is started again and goes on with the services, which did not notice.
        KillMode=process
        FileDescriptorStoreMax=4096
        WatchdogSec=60
        TimeoutStartSec=infinity
        TimeoutStopSec=\(stopTimeout)
        Delegate=yes
        LimitNOFILE=524288
        \(environment.map { "Environment=\(Self.quoted($0))\n" }.joined())
        [Install]
        WantedBy=multi-user.target

        """
    }
}
