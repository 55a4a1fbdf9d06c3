internal import Linux
internal import Runtime

/// What `gocker run` can be told.
struct RunOptions {
    var rootfs: String?
    var hostname: String?
    /// Nil where nobody said; a limit that was asked for must hold.
    var pidsLimit: Int64?
    var memory: ByteCount?
    var cpus: CPUCount?
    var environment: [String] = []
    var workingDirectory = "/"
    var user = UserSpecifier.root
    var volumes: [VolumeArgument] = []
    var isReadOnly = false
    var usesOverlay = false
    var network = ContainerRequest.Network.host
    var name: ContainerName?
    var noNewPrivileges = true
    var seccomp: SeccompArgument?
    var appArmor: AppArmorArgument?
    var isInteractive = false
    var hasTerminal = false
    var movesRoot = false
    var isQuiet = false
    var isVerbose = false
    var isDryRun = false
    var tracesStart = false
    var wantsHelp = false
}

extension RunOptions {
    static var table: [Option<RunOptions>] {
        [
            .text(
                "--rootfs", valueName: "dir",
                help: "The root file system (default: $GOCKER_ROOTFS, else ./rootfs, else /rootfs)."
            ) { $0.rootfs = $1 },
            .text("--hostname", valueName: "name", help: "The host name inside (default: the container's name).") {
                $0.hostname = $1
            },
            .value(
                "--pids-limit", valueName: "n",
                help: "How many processes may exist at once; -1 for no limit (default: \(Resources.standardPids)).",
                expected: "a whole number above 0, or -1 for no limit"
            ) {
                Int64($0).flatMap { $0 == -1 || $0 > 0 ? $0 : nil }
            } apply: {
                $0.pidsLimit = $1
            },
            .value(
                "--memory", valueName: "bytes", help: "How much memory may be used, e.g. 64m or 1.5g.",
                expected: "a number of bytes, with a unit b, k, m or g if wanted"
            ) {
                ByteCount($0)
            } apply: {
                $0.memory = $1
            },
            .value(
                "--cpus", valueName: "count", help: "How many processors' worth of time may be used, e.g. 0.5.",
                expected: "a number of processors, at least 0.01"
            ) {
                Double($0).flatMap { CPUCount($0) }
            } apply: {
                $0.cpus = $1
            },
            .text(
                "-e", "--env", valueName: "name[=value]",
                help: "Set a variable; without a value, pass the caller's on. Repeatable."
            ) { $0.environment.append($1) },
            .value(
                "-w", "--workdir", valueName: "dir", help: "The working directory inside; made where it is missing.",
                expected: "an absolute path, as seen inside the container"
            ) {
                $0.hasPrefix("/") ? $0 : nil
            } apply: {
                $0.workingDirectory = $1
            },
            .value(
                "-u", "--user", valueName: "user[:group]", help: "Who to run as, as the container knows them.",
                expected: "NAME or UID, and :GROUP or :GID if wanted"
            ) {
                UserSpecifier($0)
            } apply: {
                $0.user = $1
            },
            .value(
                "-v", "--volume", valueName: "src:dst[:ro]", help: "Show a path of the host's inside. Repeatable.",
                expected: "SRC:DST or SRC:DST:ro, DST being absolute"
            ) {
                VolumeArgument($0)
            } apply: {
                $0.volumes.append($1)
            },
            .flag("--read-only", help: "Make the root file system read-only.") { $0.isReadOnly = true },
            .flag("--overlay", help: "Keep changes to the root file system in memory, for this run only.") {
                $0.usesOverlay = true
            },
            .value(
                "--network", valueName: "host|none",
                help: "The host's network (default), or one of its own with loopback only.", expected: "host or none"
            ) {
                ContainerRequest.Network($0)
            } apply: {
                $0.network = $1
            },
            .value(
                "--name", valueName: "name", help: "What the container is called (default: random).",
                expected: "letters, digits and _ + - . only, not beginning with a dot"
            ) {
                ContainerName($0)
            } apply: {
                $0.name = $1
            },
            .value(
                "--security-opt", valueName: "option",
                help: "no-new-privileges=false, seccomp=unconfined or =profile.json, apparmor=profile. Repeatable.",
                expected:
                    "no-new-privileges=true|false, seccomp=unconfined or the path of a profile, or apparmor=profile"
            ) {
                SecurityArgument($0)
            } apply: {
                switch $1 {
                case .noNewPrivileges(let value): $0.noNewPrivileges = value
                case .seccomp(let argument): $0.seccomp = argument
                case .appArmor(let argument): $0.appArmor = argument
                }
            },
            .flag("-i", "--interactive", help: "Pass standard input on.") { $0.isInteractive = true },
            .flag("-t", "--tty", help: "Give the command a terminal.") { $0.hasTerminal = true },
            .flag("--no-pivot", help: "Use MS_MOVE and chroot in place of pivot_root, for a root on a ramfs.") {
                $0.movesRoot = true
            },
            .flag("-q", "--quiet", help: "At a terminal, do not say who runs as which process.") { $0.isQuiet = true },
            .flag("--verbose", help: "Say on standard error who runs as which process, here and inside.") {
                $0.isVerbose = true
            },
            .flag("--dry-run", help: "Print what would be done, one step a line, and do nothing.") {
                $0.isDryRun = true
            },
            .flag("--trace-start", help: "Say on standard error how long each step of the start took.") {
                $0.tracesStart = true
            },
            .flag("-h", "--help", help: "Print this.") { $0.wantsHelp = true },
        ]
    }
}
