extension Load {
    /// How a stack is loaded, from the text of its files to what can be run. Each phase relies on those before it.
    ///
    /// All problems of all files are to be told at once. So no phase stops the load: what is wrong becomes invalid, and
    /// the later phases pass over it.
    static let phases: [Phase] =
        [
            Phase("read env files") { $0.readEnvironmentFiles() },
            Phase("read the files") { $0.readFiles() },
        ] + modelPhases + stackPhases

    /// From text to a model: what an included stack goes through too.
    static let modelPhases: [Phase] = [
        // Text becomes trees.
        Phase("decode documents") { $0.decode() },
        Phase("name the project") { $0.nameProject() },
        Phase("interpolate variables") { $0.interpolate() },
        Phase("lift our own keys") { $0.liftOwnKeys() },

        // Trees become one tree.
        Phase("include other stacks") { $0.include() },
        Phase("extend services") { $0.extend() },
        Phase("merge documents") { $0.merge() },
        Phase("keep the last of what is unique") { $0.enforceUnicity() },

        // The tree becomes sound, and canonical.
        Phase("validate") { $0.validate() },
        Phase("rewrite in canonical form") { $0.rewrite() },
        Phase("keep the last of what is unique in canonical form") { $0.enforceUnicity() },
        Phase("set defaults") { $0.setDefaults() },
        Phase("check resources") { $0.checkResources() },
        Phase("resolve paths") { $0.resolvePaths() },
        Phase("fill variables") { $0.fillVariables() },
    ]

    /// From a model to a stack.
    static let stackPhases: [Phase] = [
        Phase("choose by profile") { $0.chooseByProfile() },
        Phase("tell what is not acted on") { $0.reportUnacted() },
        Phase("tell what is risky") { $0.lint() },
        Phase("normalise") { $0.normalise() },
        Phase("check references") { $0.checkReferences() },
        Phase("keep the services that are named") { $0.chooseByName() },
        Phase("drop what nobody uses") { $0.dropUnused() },
        Phase("read the env files of services") { $0.readFilesOfServices() },
        Phase("note what services use") { $0.noteContents() },
        Phase("bind to types") { $0.bind() },
        Phase("ask the host") { $0.inspectHost() },
    ]
}

extension Load {
    mutating func readEnvironmentFiles() {
        var read: [SourceFile] = []
        for name in request.environmentFiles {
            let path = absolute(name, from: request.workingDirectory)
            if let file = self.read(path, named: name) { read.append(file) }
        }
        environment = environment.adding(readEnvFiles(read))
    }

    private mutating func readFiles() {
        for name in request.files {
            let path = name == "-" ? "/dev/stdin" : Path.resolve(name, against: request.workingDirectory)
            if let file = read(path, named: name == "-" ? "<stdin>" : name) { files.append(file) }
        }
        if request.files.isEmpty { problems.error("no stack file given", at: nil) }
    }

    private mutating func decode() {
        for file in files { documents += decode(file) }
        isOver = documents.isEmpty
    }

    private mutating func interpolate() {
        guard !request.keeps(.variables) else { return }
        for index in documents.indices {
            documents[index].root = interpolated(documents[index].root)
        }
    }

    mutating func interpolated(_ root: Node) -> Node {
        Interpolator.interpolate(root, environment, isStrict: request.isStrict, problems: &problems)
    }

    private mutating func liftOwnKeys() {
        for index in documents.indices {
            documents[index].root = documents[index].root.mappingChild("services") { services in
                services.mapEntries { OwnKeys.lift(inService: $0, $1.value, problems: &problems) }
            }
        }
    }

    private mutating func include() {
        for index in documents.indices {
            documents[index].root = Include.resolve(documents[index], &self)
        }
    }

    private mutating func extend() {
        for index in documents.indices {
            documents[index].root = Extends.resolve(documents[index], &self)
        }
    }

    private mutating func merge() {
        guard let first = documents.first else { return }
        let merged = documents.dropFirst().reduce(first.root) {
            Merger.merge($0, $1.root, .table(.stack), problems: &problems)
        }
        model = MergeTags.strip(merged)
    }

    private mutating func enforceUnicity() {
        model = model.map { Unicity.enforce($0, .table(.stack)) }
    }

    private mutating func validate() {
        guard let merged = model else { return }
        model = Validator.validate(merged, .table(.stack), problems: &problems)
        model = model?.changingMapping { mapping in
            guard let version = mapping.remove("version") else { return }
            problems.warning("\"version\" means nothing any more: leave it out", at: version.key)
        }
        // Volumes alone are something, where all are wanted.
        let isEnough = request.keeps(.unused) && merged["volumes"] != nil
        if includedFrom.isEmpty, merged["services"] == nil, !isEnough,
            [.run, .export].contains(request.purpose)
        {
            problems.error("no \"services\" in this file", at: merged.place)
        }
    }

    private mutating func rewrite() {
        guard let valid = model else { return }
        model = Canonicalizer.rewrite(valid, .table(.stack), for: request, problems: &problems)
    }

    private mutating func setDefaults() {
        model = model.map(Defaults.apply)
    }

    private mutating func checkResources() {
        guard let model else { return }
        Resources.check(model, problems: &problems)
    }

    private mutating func resolvePaths() {
        guard !request.keeps(.paths) else { return }
        let paths = RelativePaths(directory: projectDirectory, home: environment.value("HOME"))
        model = model.map(paths.resolve)
    }

    private mutating func fillVariables() {
        guard !request.keeps(.variables) else { return }
        let environment = environment
        model = model?.mappingChild("services") { services in
            services.eachChild { service in
                let hooks = ["pre_start", "post_start", "pre_stop"].reduce(service) { service, key in
                    service.mappingChild(key) { hooks in
                        hooks.mapItems { $0.mappingChild("environment") { Normalizer.filled($0, environment) } }
                    }
                }
                return hooks.mappingChild("environment") { Normalizer.filled($0, environment) }
            }
        }
    }

    private mutating func chooseByProfile() {
        // What is restored was chosen when it was first run.
        guard let model, request.purpose != .restore else { return }
        (self.model, disabled) = Profiles.choose(model, request.profiles, named: request.services)
    }

    private mutating func reportUnacted() {
        guard case .run = request.purpose, let model else { return }
        UnactedKeys.report(model, problems: &problems)
    }

    private mutating func lint() {
        guard request.isLinted, let model else { return }
        Lint.check(model, problems: &problems)
    }

    private mutating func chooseByName() {
        guard let model else { return }
        guard !request.services.isEmpty else { return checkNames(of: model) }
        let chosen = NamedServices.choose(model, request.services, problems: &problems)
        checkNames(of: chosen)
        if !request.keeps(.others) { self.model = chosen }
    }

    private mutating func checkNames(of model: Node) {
        if case .run = request.purpose { ContainerNames.check(model, problems: &problems) }
    }

    private mutating func normalise() {
        guard let projectName, !request.keeps(.implied) else { return }
        model = model.map { Normalizer.normalise($0, project: projectName, environment) }
    }

    private mutating func checkReferences() {
        guard let model, !request.keeps(.inconsistencies) else { return }
        References(model, disabled: disabled, isRestored: request.purpose == .restore).check(problems: &problems)
        self.model = Consistency.check(model, problems: &problems)
    }

    private mutating func dropUnused() {
        guard !request.keeps(.unused) else { return }
        model = model.map(UnusedResources.drop)
    }

    private mutating func readFilesOfServices() {
        guard let model else { return }
        self.model = model.mappingChild("services") { services in
            services.eachChild { ServiceFiles.read($0, &self) }
        }
    }

    private mutating func noteContents() {
        guard [.run, .export].contains(request.purpose), let model else { return }
        self.model = UsedContents.note(model, &self)
    }

    private mutating func bind() {
        guard var model, let projectName else { return }
        if [.show, .export].contains(request.purpose) { return }
        for (service, words) in request.commands {
            model = model.mappingChild("services") { $0.mappingChild(service) { Self.giving(words, to: $0) } }
        }
        stack = StackBuilder.build(model, name: projectName, directory: projectDirectory, problems: &problems)
        stack?.contents = contents
    }

    private static func giving(_ words: [String], to service: Node) -> Node {
        guard service["command"] == nil, service["entrypoint"] == nil else { return service }
        let place = service.place
        return service.changingMapping { mapping in
            mapping.set("command", Node(.sequence(words.map { .string($0, at: place) }), at: place), at: place)
        }
    }

    private mutating func inspectHost() {
        guard case .run = request.purpose, let model, let stack else { return }
        HostChecks(host: host).check(stack, model, problems: &problems)
    }
}
