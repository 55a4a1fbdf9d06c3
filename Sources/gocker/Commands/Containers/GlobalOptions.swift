internal import Linux
internal import Runtime

/// What comes before a command: where containers are kept, and where errors go.
struct GlobalOptions {
    var root: String?
    var log: String?
    var logFormat = RuntimeLog.Format.text
    var isDebugging = false
    var cgroups = CgroupManager.gocker
    var wantsVersion = false
    var wantsHelp = false
}

extension GlobalOptions {
    static var table: [Option<GlobalOptions>] {
        [
            .text("--root", valueName: "dir", help: "Where containers are kept (default: below /run/gocker).") {
                $0.root = $1
            },
            .text("--log", valueName: "file", help: "Also write errors to a file.") { $0.log = $1 },
            .value("--log-format", valueName: "text|json", help: "What its lines look like.", expected: "text or json")
            {
                RuntimeLog.Format(rawValue: $0)
            } apply: {
                $0.logFormat = $1
            },
            .flag("--debug", help: "Write more to the log.") { $0.isDebugging = true },
            .flag("--systemd-cgroup", help: "Let systemd make the cgroups.") { $0.cgroups = .systemd },
            .value(
                "--cgroup-manager", valueName: "cgroupfs|systemd|disabled", help: "Who makes the cgroups.",
                expected: "cgroupfs, systemd or disabled"
            ) {
                CgroupManager(argument: $0)
            } apply: {
                $0.cgroups = $1
            },
            .value(
                "--rootless", valueName: "true|false|auto", help: "Accepted; who runs it decides.",
                expected: "true, false or auto"
            ) {
                ["true", "false", "auto"].contains($0) ? $0 : nil
            } apply: { (_: inout GlobalOptions, _: String) in
            },
            .flag("-v", "--version", help: "Print the version.") { $0.wantsVersion = true },
            .flag("-h", "--help", help: "Print this.") { $0.wantsHelp = true },
        ]
    }

    /// Where containers are kept.
    func store() throws -> ContainerStore {
        guard let root else { return ContainerStore(root: ContainerStore.standardRoot) }
        return ContainerStore(root: root.hasPrefix("/") ? root : "\(try workingDirectory())/\(root)")
    }

    /// `gocker run COMMAND` has cgroups of its own making, whatever these options say.
    func checkForCommand() throws {
        guard cgroups != .gocker else { return }
        throw UsageError(
            "run: --systemd-cgroup and --cgroup-manager are for bundles; leave them out, or make a bundle of the command "
                + "with gocker spec")
    }

    /// What these options say and cannot be done.
    func check() throws {
        if cgroups == .systemd, (try? FileStatus.of("/run/systemd/system")) == nil {
            throw Failure(
                "--systemd-cgroup: systemd does not run here (there is no /run/systemd/system); leave the option out, "
                    + "and Gocker makes the cgroups itself", exitCode: 1)
        }
    }
}

extension CgroupManager {
    /// Reads the words of crun's option.
    fileprivate init?(argument: String) {
        switch argument {
        case "cgroupfs": self = .gocker
        case "systemd": self = .systemd
        case "disabled": self = .nobody
        default: return nil
        }
    }
}
