internal import OrderedCollections

/// Resolves `include`: another stack, with its own directory and variables, whose parts become parts of this one.
struct Include {
    private static let parts = ["services", "volumes", "networks", "secrets", "configs", "models"]

    /// Loads what a document includes, and puts it below what the document itself says.
    static func resolve(_ document: Load.Document, _ load: inout Load) -> Node {
        guard let include = document.root["include"] else { return document.root }
        var root = document.root.changingMapping { $0.remove("include") }
        guard !include.isNull else { return root }
        guard let items = include.items else {
            load.problems.error(
                "expected a list of files for \"include\", found \(include.kindName)", at: include.place)
            return root
        }
        for item in items {
            guard let model = model(item, of: document, &load) else { continue }
            for part in parts {
                guard let included = model[part] else { continue }
                root = merged(root, part, included, at: item.place, &load)
            }
        }
        return root
    }

    private static func merged(
        _ root: Node, _ part: String, _ included: Node, at place: SourceRange, _ load: inout Load
    ) -> Node {
        guard let shape = Table.stack[part]?.shape else { return root }
        let marked = included.changingMapping { mapping in
            mapping = mapping.compactMapValues { $1.value.through(.include(place)) }
        }
        guard let own = root[part], !own.isNull else {
            return root.changingMapping { $0.set(part, marked, at: included.place) }
        }
        let merged = Merger.merge(marked, own, shape, problems: &load.problems)
        return root.changingMapping { $0.update(part, merged) }
    }

    /// The canonical model of what is included, without what follows from the whole.
    private static func model(_ item: Node, of document: Load.Document, _ load: inout Load) -> Node? {
        let item = Validator.validate(item, .shorthand(.key("path"), .include), problems: &load.problems)
        let table = Spelling.table(item, key: "path")
        guard let paths = table["path"].map(Spelling.list)?.items, let first = paths.first?.string else {
            if !item.isInvalid { load.problems.error("\"include\" needs the path of a file", at: item.place) }
            return nil
        }
        let main = load.absolute(first, from: load.projectDirectory)
        let directory = table["project_directory"]?.string.map { load.absolute($0, from: load.projectDirectory) }
        guard !load.isIncluding(main, from: document.file) else {
            let chain = (load.includedFrom + [document.file]).map(\.name) + [load.display(main)]
            let message = "files include each other in a circle: \(chain.joined(separator: " -> "))"
            load.problems.error(message, at: paths[0].place)
            return nil
        }

        guard load.budget.takeInclude(depth: load.includedFrom.count) else {
            if load.budget.isSpent { return nil }
            load.budget.isSpent = true
            let message = "more than 1,000 stacks are included, or they include each other more than 64 deep"
            load.problems.error(message, at: paths[0].place)
            return nil
        }

        var request = load.request
        request.files = []
        request.projectDirectory = directory ?? Path.directory(of: main)
        var inner = Load(request, load.host)
        inner.budget = load.budget
        inner.includedFrom = load.includedFrom + [document.file]
        inner.projectName = load.projectName
        inner.environment = environment(table, inner.projectDirectory, &load)
        for path in paths {
            guard let name = path.string else { continue }
            let absolute = load.absolute(name, from: load.projectDirectory)
            guard let file = load.read(absolute, named: load.display(absolute), at: path.place) else { continue }
            inner.files.append(file)
        }
        for phase in Load.modelPhases where !inner.isOver { phase.run(&inner) }
        load.budget = inner.budget
        load.problems.add(inner.problems)
        UsedContents.keepVariables(of: inner, in: &load)
        return inner.model
    }

    /// The variables of what is included: those of the host, and below them those of its own env files.
    private static func environment(_ table: Node, _ directory: String, _ load: inout Load) -> Environment {
        var files: [SourceFile] = []
        if let named = table["env_file"].map(Spelling.list)?.items {
            for node in named {
                guard let name = node.string, name != "/dev/null" else { continue }
                let path = load.absolute(name, from: load.projectDirectory)
                if let file = load.read(path, named: load.display(path), at: node.place) { files.append(file) }
            }
        } else if case .file = load.host.kind(ofPath: "\(directory)/.env") {
            let path = "\(directory)/.env"
            if let file = load.read(path, named: load.display(path)) { files.append(file) }
        }
        return load.environment.adding(load.readEnvFiles(files))
    }
}
