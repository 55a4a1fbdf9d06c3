internal import Runtime

/// What `--version` says.
enum Version {
    static let current = "0.1.0"

    /// In the form that engines read.
    static var text: String { "gocker version \(current)\ncommit: v\(current)\nspec: \(Features.version)" }
}
