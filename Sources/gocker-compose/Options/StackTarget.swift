internal import ArgumentParser
internal import Compose

/// What a command does to instances that there are, through their supervisor.
struct StackTarget {
    let directory: StackDirectory
    let names: [String]
    private let isDryRun: Bool

    /// - Parameter words: the stack file, and services or instances.
    init(_ options: StackOptions, words: [String]) throws {
        let project = try options.project(words: words)
        directory = options.directory(of: project)
        names = words.filter { !StackOptions.isFile($0) }
        isDryRun = options.dryRun
        try options.refuseForeign(project, directory, words: words)
        guard StackClient(directory).exists else {
            throw Failure("\(project) is not there; start it with: gocker-compose up -d")
        }
        guard let report = StackReport(directory, measuresUse: false) else { return }
        _ = try ServiceSelection(names, in: report)
    }

    /// Does it, and shows how it goes.
    func operate(_ kind: StackOperation.Kind, verb: String) throws {
        if isDryRun {
            for instance in StackState(directory)?.instances ?? [] where names.isEmpty || includes(instance.name) {
                writeLine("~ \(instance.name)  \(verb)", to: .standardOutput)
            }
            return
        }
        let display = ProgressDisplay(verb: verb)
        defer { display.end() }
        let failed = try client { () throws(StackClient.Failure) in
            try StackClient(directory).operate(
                StackOperation(kind, names), onEvent: display.show, whileWaiting: display.wait)
        }
        guard failed.isEmpty else { throw ExitCode(1) }
    }

    private func client<Value>(_ body: () throws(StackClient.Failure) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw Failure("\(error)")
        }
    }
}
