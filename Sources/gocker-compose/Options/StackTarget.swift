internal import ArgumentParser
internal import Compose

/// What a command does to instances that there are, through their supervisor.
struct StackTarget {
    let directory: StackDirectory
    let names: [String]
    private let isDryRun: Bool
    private let isThere: Bool

    /// - Parameters:
    ///   - words: the stack file, and services or instances.
    ///   - mayBeAbsent: whether nothing is to be done where nothing of the stack is there.
    init(_ options: StackOptions, words: [String], mayBeAbsent: Bool = false) throws {
        let project = try options.project(words: words)
        directory = options.directory(of: project)
        let named = words.filter { !StackOptions.isFile($0) }
        let services = { options.servicesOfFile(words: words, anyProfile: true) ?? [] }
        isDryRun = options.dryRun
        try options.refuseForeign(project, directory, words: words)
        guard StackClient(directory).exists else {
            let known = services()
            if !known.isEmpty { try ServiceSelection.check(named.filter { InstanceName($0) == nil }, among: known) }
            (names, isThere) = (named, false)
            if mayBeAbsent { return }
            throw Failure("\(project) is not there; start it with: gocker-compose up -d")
        }
        guard let report = StackReport(directory, measuresUse: false) else {
            (names, isThere) = (named, true)
            return
        }
        // What only the file has needs nothing then.
        let found = Set(report.instances.flatMap { [$0.row.name, $0.row.service] })
        let absent = mayBeAbsent ? Set(named).subtracting(found) : []
        names = absent.isEmpty ? named : named.filter { !absent.contains($0) || !services().contains($0) }
        isThere = named.isEmpty || !names.isEmpty
        _ = try ServiceSelection(names, in: report)
    }

    /// Does it, and shows how it goes.
    func operate(_ kind: StackOperation.Kind, verb: String) throws {
        guard isThere else {
            return writeLine("nothing is there to \(verb)", to: .standardError)
        }
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
