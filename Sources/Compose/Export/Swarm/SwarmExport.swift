/// A stack in the words of `docker stack deploy`.
public struct SwarmExport {
    public struct Options: Sendable {
        /// The keys that may be left out where Swarm has no word for them.
        public var ignored: Set<String> = []
        /// Whether files can be written beside the stack file; else it refers to those that are there.
        public var writesFiles = false

        public init() {}
    }

    private let document: StackDocument
    private let options: Options

    /// - Parameter document: loaded to be exported.
    public init(_ document: StackDocument, _ options: Options = Options()) {
        self.document = document
        self.options = options
    }

    /// The keys that can be ignored, in alphabetical order.
    public static var ignorable: [String] { SwarmService.ignorable.sorted() }

    /// Says it.
    ///
    /// - Parameter images: what the root file systems have become, by their paths. The problems are the same without.
    public func stack(images: [String: ImageReference] = [:]) -> ExportedStack {
        var problems = ExportProblems(target: "Swarm", ignored: options.ignored)
        let model = document.model
        var resources = SwarmResources(document, writesFiles: options.writesFiles)
        var result = Mapping()
        result.set("version", .string("3.9", at: model.place), at: model.place)
        result.set("services", services(images, &resources, &problems), at: model.place)
        for kind in ["networks", "volumes", "secrets", "configs"] {
            guard let node = resources.translated(kind, &problems), node.mapping?.isEmpty == false else { continue }
            result.set(kind, node, at: node.place)
        }
        if let place = model.mapping?.place(ofKey: "models") {
            problems.refuse("models", at: place, advice: "nothing runs them there")
        }
        let stack = StackDocument(
            name: document.name, directory: document.directory, model: Node(.mapping(result), at: model.place),
            hasVariables: false)
        return ExportedStack(
            text: problems.hasErrors ? "" : stack.yaml(), files: problems.hasErrors ? [] : resources.files,
            diagnostics: problems.diagnostics)
    }

    private func services(
        _ images: [String: ImageReference], _ resources: inout SwarmResources, _ problems: inout ExportProblems
    ) -> Node {
        let services = document.model["services"] ?? Node(.mapping(Mapping()), at: document.model.place)
        return services.mapEntries { name, entry in
            var service = SwarmService(name, entry, directory: document.directory, problems)
            let node = service.translate(images, &resources)
            problems = service.problems
            return node
        }
    }
}
