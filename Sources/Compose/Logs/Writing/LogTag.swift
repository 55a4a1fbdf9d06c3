/// Marks of messages, as `tag` of `logging.options` writes them.
enum LogTag {
    /// What can stand in one; Docker has more of them.
    static let variables = ["{{.Name}}", "{{.Service}}", "{{.Project}}"]

    static func expand(_ tag: String, for instance: LogSource, of project: ProjectName) -> String {
        var text = tag
        for (name, value) in zip(variables, ["\(instance)", instance.service.text, project.text]) {
            while let range = text.firstRange(of: name) { text.replaceSubrange(range, with: value) }
        }
        return text
    }

    /// Whether everything in double braces is one of the variables.
    static func isValid(_ tag: String) -> Bool {
        var text = tag
        for name in variables { while let range = text.firstRange(of: name) { text.removeSubrange(range) } }
        return !text.contains("{{")
    }
}
