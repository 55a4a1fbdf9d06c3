internal import ArgumentParser
internal import Compose
internal import Linux

/// `gocker-compose export kubernetes`: the stack for `kubectl apply`.
struct ExportKubernetesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubernetes",
        abstract: "Write the stack for Kubernetes, its root file systems as images.",
        discussion: """
            What is written are manifests for "kubectl apply": Deployments, StatefulSets, Jobs and CronJobs, with the \
            Services, ConfigMaps, claims and network policies that they need. Each root file system becomes an image, \
            shared by the services that share it. In a directory each object is a file of its own.

            What Kubernetes has no word for is an error with its place. What can be done without is left out with \
            --ignore. Secrets are named and not written down, unless --with-secrets asks for it.

            EXAMPLES:
              gocker-compose export kubernetes                           look at it
              gocker-compose export kubernetes --registry registry.example:5000/team --push | kubectl apply -f -
              gocker-compose export kubernetes -o deploy/ --namespace shop --runtime-class gocker
              kubectl apply -f deploy/
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json
    }

    @OptionGroup var options: StackOptions

    @Option(name: .shortAndLong, help: ExportOutput.help, completion: .file())
    var output: ExportOutput = .stream

    @Option(help: "yaml or json.")
    var format: Format = .yaml

    @OptionGroup var images: ImageOptions

    @OptionGroup(title: "THE CLUSTER") var cluster: ClusterOptions

    @Option(help: ArgumentHelp("Leave this key out where Kubernetes has no word for it. Repeatable.", valueName: "key"))
    var ignore: [String] = []

    @Argument(help: "The stack file.", completion: .file(extensions: ["yaml", "yml"]))
    var stack: String?

    func run() throws {
        for key in ignore where !KubernetesExport.ignorable.contains(key) {
            let meant = NearestName.find(key, among: KubernetesExport.ignorable).map { "; did you mean \"\($0)\"?" }
            throw Failure("export: --ignore \(key): there is no such key in stack files\(meant ?? "")")
        }
        guard let document = try options.load(try options.request(stack: stack, purpose: .export)).document else {
            throw ExitCode(1)
        }
        var wanted = cluster.wanted
        wanted.ignored = Set(ignore)
        // What cannot be said is told before anything is read or written.
        let draft = KubernetesExport(document, wanted, host: SystemHost())
        StackOptions.report(draft.diagnostics)
        guard !draft.hasErrors else { throw ExitCode(1) }
        let references = try images.deliver(document, to: output, isDryRun: options.dryRun)
        let export = KubernetesExport(document, wanted, images: references, host: SystemHost())
        if options.dryRun {
            for reference in references.values.map(\.description).sorted() {
                writeLine("+ \(reference)", to: .standardOutput)
            }
            for object in export.objects { writeLine("+ \(object.kind) \(object.name)", to: .standardOutput) }
            return
        }
        try write(export.objects)
    }

    private func write(_ objects: [KubernetesObject]) throws {
        switch output {
        case .stream:
            writeBytes(text(of: objects).utf8, to: .standardOutput)
        case .file(let path):
            try write(text(of: objects), to: path, isSecret: objects.contains(where: \.isSecret))
            tellHow(path)
        case .directory(let directory):
            for object in objects {
                let path = "\(directory)/\(object.fileName).\(format.rawValue)"
                try OutputFile.makeParent(of: path)
                try write(format == .yaml ? object.yaml : object.json, to: path, isSecret: object.isSecret)
            }
            tellHow("\(directory)/")
        }
    }

    private func text(of objects: [KubernetesObject]) -> String {
        format == .yaml ? KubernetesObject.yaml(objects) : KubernetesObject.json(objects)
    }

    private func write(_ text: String, to path: String, isSecret: Bool) throws {
        try OutputFile.write(path, mode: isSecret ? 0o600 : 0o644) { try $0.writeAll(text.utf8) }
    }

    private func tellHow(_ path: String) {
        writeLine("\(path) is written; now: kubectl apply -f \(path)", to: .standardError)
    }
}

/// What a stack file does not say of a cluster.
struct ClusterOptions: ParsableArguments {
    @Option(help: "Where everything is made (default: the namespace that kubectl is set to).")
    var namespace: String?

    @Option(
        help: ArgumentHelp(
            "The runtime of all pods, by the name that the nodes know it by: gocker (default: the nodes' own choice).",
            valueName: "name"))
    var runtimeClass: String?

    @Option(help: ArgumentHelp("What volumes are made of (default: the cluster's own choice).", valueName: "name"))
    var storageClass: String?

    @Option(help: ArgumentHelp("How much each volume is to hold, e.g. 10g (default: 1g).", valueName: "size"))
    var volumeSize: String?

    /// The words for `KubernetesOptions.Publishing`.
    enum Publishing: String, ExpressibleByArgument, CaseIterable {
        case loadBalancer = "load-balancer"
        case nodePort = "node-port"
        case none
    }

    @Option(help: "How published ports are reached from outside: load-balancer, node-port or none.")
    var publish = Publishing.loadBalancer

    @Flag(help: "Let pods see paths of the nodes that they run on, where services see those of this machine.")
    var allowHostPath = false

    @Flag(help: "Write down what secrets hold. Files with secrets are for their owner only.")
    var withSecrets = false

    mutating func validate() throws {
        for (name, value) in [("--namespace", namespace), ("--runtime-class", runtimeClass)] {
            guard let value, !KubernetesObject.isLabel(value) else { continue }
            throw ValidationError("\(name) \(value): expected lower-case letters, digits and \"-\"")
        }
        if let storageClass, !KubernetesObject.isName(storageClass) {
            throw ValidationError(
                "--storage-class \(storageClass): expected lower-case letters, digits, \"-\" and \".\"")
        }
        if let volumeSize, ByteCount(volumeSize).map({ $0.bytes > 0 }) != true {
            throw ValidationError("--volume-size \(volumeSize): expected a size such as 10g")
        }
    }

    var wanted: KubernetesOptions {
        var options = KubernetesOptions()
        options.namespace = namespace
        options.runtimeClass = runtimeClass
        options.storageClass = storageClass
        options.volumeSize = volumeSize.flatMap { ByteCount($0) }
        options.publishing =
            switch publish {
            case .loadBalancer: .loadBalancer
            case .nodePort: .nodePort
            case .none: .none
            }
        options.allowsHostPaths = allowHostPath
        options.includesSecrets = withSecrets
        return options
    }
}
