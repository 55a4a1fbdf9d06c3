/// A load under way: what the phases hand to each other.
struct Load {
    let request: LoadRequest
    let host: any HostInspector

    /// The files in the order in which they are merged.
    var files: [SourceFile] = []

    /// The documents of the files, each with what it includes and extends once those phases are through.
    var documents: [Document] = []

    /// The variables, as far as they are known.
    var environment: Environment

    /// Where relative paths start from.
    var projectDirectory: String

    var projectName: ProjectName?

    /// The documents as one.
    var model: Node?

    /// The files that include this one, the outermost first.
    var includedFrom: [SourceFile] = []

    /// What is left to be read.
    var budget = LoadBudget()

    /// The services that are left out for their profiles.
    var disabled: Set<String> = []

    /// Variables that secrets and configs of included stacks are.
    var includedVariables: [String: String] = [:]

    /// What secrets and configs that come from variables hold, by their digests; of all, where the stack is for another
    /// engine.
    var contents: [String: [UInt8]] = [:]

    var stack: Stack?
    var problems = Problems()

    /// Whether there is nothing left to work on.
    var isOver = false

    init(_ request: LoadRequest, _ host: any HostInspector) {
        self.request = request
        self.host = host
        environment = Environment(request.environment)
        projectDirectory = request.effectiveProjectDirectory
    }

    /// A document of a stack file.
    struct Document {
        let file: SourceFile
        var root: Node
    }

    var result: LoadResult {
        let failed = problems.hasErrors
        return LoadResult(
            stack: failed ? nil : stack, document: failed ? nil : document, inactive: disabled,
            environment: environment.values,
            diagnostics: problems.sorted(files: files)
        )
    }

    private var document: StackDocument? {
        guard let model, let projectName else { return nil }
        var document = StackDocument(
            name: projectName, directory: projectDirectory, model: model, hasVariables: request.keeps(.variables)
        )
        if request.purpose == .export { document.contents = contents }
        return document
    }
}

/// One step of loading.
struct Phase: Sendable {
    let name: String
    let run: @Sendable (inout Load) -> Void

    init(_ name: String, _ run: @escaping @Sendable (inout Load) -> Void) {
        self.name = name
        self.run = run
    }
}
