internal import Compose

/// The services and instances that the arguments of a command name; all where they name none.
struct ServiceSelection {
    private let words: [String]

    /// - Parameters:
    ///   - words: the arguments; stack files among them are left out.
    ///   - report: where they are looked for.
    /// - Throws: `Failure` where one is not there.
    init(_ words: [String], in report: StackReport) throws {
        self.words = words.filter { !StackOptions.isFile($0) }
        try Self.check(self.words, among: Set(report.instances.flatMap { [$0.row.name, $0.row.service] }))
    }

    /// - Throws: `Failure` where one of the words is none of those that are known.
    static func check(_ words: [String], among known: Set<String>) throws {
        guard let unknown = words.first(where: { !known.contains($0) }) else { return }
        let meant = NearestName.find(unknown, among: known.sorted()).map { "; did you mean \"\($0)\"?" } ?? ""
        throw Failure("no such service: \(unknown)\(meant)")
    }

    func contains(_ instance: InstanceReport) -> Bool {
        words.isEmpty || words.contains(instance.row.service) || words.contains(instance.row.name)
    }
}
