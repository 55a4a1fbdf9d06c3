internal import ArgumentParser
internal import Compose

/// The names that a shell offers, of what is there now. As a command, so that it says in the definitions which ones are
/// meant; `CompletionCommand` looks them up itself.
extension CompletionKind {
    static let services = CompletionKind.shellCommand("\(CompletionNames.command) services")
    static let projects = CompletionKind.shellCommand("\(CompletionNames.command) projects")
    static let profiles = CompletionKind.shellCommand("\(CompletionNames.command) profiles")
}

/// Looks names up for a command line that is being typed. Nothing is printed, and nothing that is wrong is an error.
struct CompletionNames {
    /// What prints the names of a kind.
    static let command = "gocker-compose __names"

    private let options: StackOptions

    /// - Parameter words: as typed behind the program's name.
    init(_ words: [String]) {
        options = StackOptions.ofIncomplete(words)
    }

    func names(_ kind: String) -> [String] {
        switch kind {
        case "services": services
        case "projects": StackDirectory.projects.map(\.text)
        case "profiles": document?.profiles ?? []
        default: []
        }
    }

    /// Of the stack file; where there is none, of what runs.
    private var services: [String] {
        if let names = document?.services { return names }
        guard let name = options.global.projectName.flatMap({ ProjectName($0) }) ?? StackDirectory.projects.first,
            let report = StackReport(options.directory(of: name), measuresUse: false)
        else { return [] }
        return Set(report.instances.map(\.row.service)).sorted()
    }

    private var document: StackDocument? {
        guard var (request, _) = try? options.locate([], [], .show) else { return nil }
        request.profiles = ["*"]
        return StackLoader(host: SystemHost()).load(request).document
    }
}
