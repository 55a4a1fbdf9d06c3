internal import ArgumentParser
internal import Compose

/// The names that a shell offers: of what is there now.
extension CompletionKind {
    /// The services of the stack that the words typed so far are about; stack files, too, where they are wanted.
    static let services = CompletionKind.custom { words, _, _ in CompletionNames(words).services }
    static let projects = CompletionKind.custom { _, _, _ in StackDirectory.projects.map(\.text) }
    static let profiles = CompletionKind.custom { words, _, _ in CompletionNames(words).profiles }
}

/// Looks names up for a command line that is being typed. Nothing is printed, and nothing that is wrong is an error.
struct CompletionNames {
    private let options: StackOptions

    /// - Parameter words: as typed, the program first.
    init(_ words: [String]) {
        options = StackOptions.ofIncomplete(Array(words.dropFirst()))
    }

    /// Of the stack file; where there is none, of what runs.
    var services: [String] {
        if let names = document?.services { return names }
        guard let name = options.global.projectName.flatMap({ ProjectName($0) }) ?? StackDirectory.projects.first,
            let report = StackReport(options.directory(of: name), measuresUse: false)
        else { return [] }
        return Set(report.instances.map(\.row.service)).sorted()
    }

    var profiles: [String] { document?.profiles ?? [] }

    private var document: StackDocument? {
        guard var (request, _) = try? options.locate([], [], .show) else { return nil }
        request.profiles = ["*"]
        return StackLoader(host: SystemHost()).load(request).document
    }
}
