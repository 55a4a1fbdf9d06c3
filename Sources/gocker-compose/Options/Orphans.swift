internal import Compose
internal import Linux

/// What is still there of a stack though its file does not have it any more, and containers of `run` that are kept.
enum Orphans {
    private static let variable = "COMPOSE_IGNORE_ORPHANS"

    /// Whether they are worth a word.
    ///
    /// - Parameter removing: whether they are to be taken away.
    static func areTold(_ environment: [String: String], removing: Bool = false) throws -> Bool {
        let isIgnored = ["1", "t", "true", "y", "yes"].contains(environment[variable]?.lowercased() ?? "")
        if isIgnored, removing { throw Failure("\(variable) and --remove-orphans exclude each other") }
        return !isIgnored
    }

    /// Takes away the containers of earlier runs, or says that they are there.
    static func dealWithRuns(of directory: StackDirectory, removing: Bool, telling: Bool) {
        let oneOffs = OneOffs(directory)
        if removing { return oneOffs.removeEnded() }
        let kept = oneOffs.ended
        guard telling, !kept.isEmpty else { return }
        writeLine(
            "gocker-compose: \(kept.count == 1 ? "an orphan" : "orphans") of earlier runs: "
                + "\(kept.joined(separator: ", ")); down takes them away, and run --rm keeps none", to: .standardError)
    }
}
