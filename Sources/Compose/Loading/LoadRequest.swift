/// Which stack to load, and how.
public struct LoadRequest: Sendable {
    /// What the stack is wanted for.
    public enum Purpose: Sendable {
        /// To be run: what Gocker does not act on is told, and the machine is asked whether everything needed is there.
        case run

        /// To be looked at, as `config` does: anything that the specification allows is good.
        case show

        /// To be said in another engine's words: what secrets and configs hold is read, and this machine is asked
        /// nothing.
        case export

        /// To be run on from its canonical text, which was checked when it was first run.
        case restore
    }

    /// The stack files, later ones over earlier ones, as the user names them; `-` is the standard input.
    public var files: [String]

    /// Where relative names of files start from. Absolute.
    public var workingDirectory: String

    /// Where relative paths in the files start from; nil for the directory of the first file.
    public var projectDirectory: String?

    /// Likewise, whether or not it was given. Absolute.
    public var effectiveProjectDirectory: String {
        let first = files.first { $0 != "-" }
        return Path.resolve(projectDirectory ?? first.map(Path.directory) ?? ".", against: workingDirectory)
    }

    /// The name of the project, over what the files and the environment say.
    public var projectName: String?

    /// The variables that the files may use. Nothing else of the environment is seen.
    public var environment: [String: String]

    /// What the stack is wanted for.
    public var purpose: Purpose

    /// The profiles that are active; `*` stands for all. Services that are in profiles, and in none of these, are left
    /// out.
    public var profiles: [String] = []

    /// The services that are meant, with what they depend on: nothing else stays in the stack. None means all. One that is
    /// named here is meant whatever its profiles.
    public var services: [String] = []

    /// What is run in services that do not say it themselves.
    public var commands: [String: [String]] = [:]

    /// The env files whose variables the stack files may use besides those of `environment`, which are stronger.
    public var environmentFiles: [String] = []

    /// Whether a variable that is not set and has no default is an error, rather than an empty text and a warning.
    public var isStrict = false

    /// Whether to warn of what is right but risky, too.
    public var isLinted = false

    /// What is left as the files have it.
    public var kept: Set<Kept> = []

    /// A part of loading that can be left out, to look at what comes before it.
    public enum Kept: Sendable {
        /// Variables are not replaced.
        case variables

        /// Relative paths stay relative.
        case paths

        /// What is implied is not said.
        case implied

        /// What is named need not be there.
        case inconsistencies

        /// Env files are not read into the environment of services.
        case environmentFiles

        /// Networks, volumes, secrets and configs that nobody uses stay.
        case unused

        /// Services that are neither named nor needed by one that is stay.
        case others
    }

    func keeps(_ part: Kept) -> Bool { kept.contains(part) }

    /// Creates a request.
    public init(
        files: [String], workingDirectory: String, projectDirectory: String? = nil, projectName: String? = nil,
        environment: [String: String] = [:], purpose: Purpose = .run
    ) {
        self.files = files
        self.workingDirectory = workingDirectory
        self.projectDirectory = projectDirectory
        self.projectName = projectName
        self.environment = environment
        self.purpose = purpose
    }
}
