extension Load {
    /// Finds the name of the project: what the command says, then the environment, then the last file that has one, then
    /// the directory. Files can use it as `COMPOSE_PROJECT_NAME`.
    mutating func nameProject() {
        projectName = explicitName() ?? nameInFiles() ?? nameOfDirectory()
        if let projectName { environment.set("COMPOSE_PROJECT_NAME", projectName.text, from: .stack) }
    }

    private mutating func explicitName() -> ProjectName? {
        let variable = environment.value("COMPOSE_PROJECT_NAME").flatMap { $0.isEmpty ? nil : $0 }
        guard let text = request.projectName ?? variable else { return nil }
        if let name = ProjectName(text) { return name }
        problems.error("\"\(text)\" cannot name a project: \(ProjectName.rule)", at: nil)
        return ProjectName(reducing: text)
    }

    private mutating func nameInFiles() -> ProjectName? {
        guard let node = documents.lazy.reversed().compactMap({ $0.root["name"] }).first(where: { !$0.isNull }) else {
            return nil
        }
        var ignored = Problems()
        let interpolated = Interpolator.interpolate(node, environment, isStrict: false, problems: &ignored)
        return interpolated.string.flatMap { ProjectName(reducing: $0) }
    }

    private mutating func nameOfDirectory() -> ProjectName? {
        if let name = ProjectName(reducing: Path.name(of: projectDirectory)) { return name }
        problems.error("the directory \"\(projectDirectory)\" gives no name to the project: set \"name\"", at: nil)
        return nil
    }
}
