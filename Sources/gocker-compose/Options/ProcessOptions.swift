internal import ArgumentParser
internal import Compose

/// How a process in a service, or beside it, differs from the service's own.
struct ProcessOptions: ParsableArguments {
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Who to run as, as the service knows them.", valueName: "user[:group]"))
    var user: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The directory to start in; made where it is missing.", valueName: "dir"))
    var workdir: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Set a variable; without a value, pass the caller's on. Repeatable.", valueName: "name[=value]"))
    var env: [String] = []

    /// - Parameter environment: where variables come from that are named without a value.
    func variables(from environment: (String) -> String?) throws -> [ServiceCommand.Variable] {
        try env.compactMap { argument in
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = parts.first, !name.isEmpty else {
                throw Failure("--env \(argument): expected NAME=value or NAME")
            }
            if parts.count == 2 { return ServiceCommand.Variable(name, parts[1]) }
            return environment(name).map { ServiceCommand.Variable(name, $0) }
        }
    }

    func workingDirectory() throws -> String? {
        if let workdir, !workdir.hasPrefix("/") {
            throw Failure("--workdir \(workdir): expected an absolute path, as seen in the service")
        }
        return workdir
    }
}
