internal import JSON
internal import OrderedCollections

/// A stack in the words of Kubernetes' API.
public struct KubernetesExport {
    /// What `kubectl apply` is handed, in an order in which nothing waits for what comes later; empty where there are
    /// errors.
    public let objects: [KubernetesObject]

    /// Everything there is to tell, sorted by place.
    public let diagnostics: [Diagnostic]

    /// Whether there is nothing to be handed on.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// The keys that can be ignored, in alphabetical order.
    public static var ignorable: [String] { KubernetesKeys.names }

    /// - Parameters:
    ///   - document: loaded to be exported.
    ///   - images: what the root file systems have become, by their paths. The problems are the same without.
    ///   - host: where it is found out what bind mounts are.
    public init(
        _ document: StackDocument, _ options: KubernetesOptions = KubernetesOptions(),
        images: [String: ImageReference] = [:], host: any HostInspector
    ) {
        var problems = ExportProblems(target: "Kubernetes", ignored: options.ignored)
        KubernetesKeys.report(document.model, problems: &problems)
        let names = KubernetesNames(document.model, problems: &problems)
        let context = KubernetesService.Context(
            document: document, options: options, names: names, images: images, host: host)
        var stack = KubernetesStack(context, problems)
        let objects = stack.translate()
        diagnostics = stack.problems.diagnostics
        self.objects = stack.problems.hasErrors ? [] : objects
    }
}

/// All services of a stack on their way into Kubernetes.
struct KubernetesStack {
    private struct Part {
        var service: KubernetesService
        let workload: KubernetesWorkload
        let pod: KubernetesPod
        /// Whether it is run in the pods of others, and nowhere else.
        let isStep: Bool
    }

    private let context: KubernetesService.Context
    private(set) var problems: ExportProblems
    private var parts: OrderedDictionary<String, Part> = [:]
    private var services: Mapping { context.document.model["services"]?.mapping ?? Mapping() }

    init(_ context: KubernetesService.Context, _ problems: ExportProblems) {
        self.context = context
        self.problems = problems
    }

    mutating func translate() -> [KubernetesObject] {
        readParts()
        let networks = KubernetesNetworks(context)
        var storage = KubernetesStorage(context, problems)
        var objects = runtimeClasses()
        let files = storage.files("configs") + storage.files("secrets") + storage.claims(users: users())
        problems = storage.problems
        var ports: [String: [KubernetesPort]] = [:]
        var workloads: [KubernetesObject] = []
        let aliases = aliases()
        for (key, part) in parts where !part.isStep {
            let steps = steps(of: key)
            var service = part.service
            service.problems = problems
            ports[key] = service.readPorts()
            workloads += service.services(runs: !part.workload.ends, aliases: aliases[key] ?? [])
            workloads.append(
                service.object(part.workload, part.pod, steps: steps, extraLabels: networks.labels(of: service)))
            problems = service.problems
        }
        objects += networks.policies(for: parts.values.filter { !$0.isStep }.map(\.service), ports: ports)
        objects += files + workloads
        checkNames(of: objects)
        return objects
    }

    /// What is made of two names may have one.
    private mutating func checkNames(of objects: [KubernetesObject]) {
        var taken: Set<String> = []
        for object in objects where !taken.insert(object.fileName).inserted {
            problems.error(
                "there would be two of the name \"\(object.name)\" and the kind \(object.kind): rename what it is made of",
                at: object.place)
        }
    }

    // MARK: Services

    private mutating func readParts() {
        let awaited = Set(
            services.flatMap { _, entry in
                (entry.value["depends_on"]?.mapping ?? Mapping()).compactMap { other, dependency in
                    dependency.value["condition"]?.string == "service_completed_successfully" ? other : nil
                }
            })
        for (key, entry) in services.sorted(by: { $0.key < $1.key }) {
            guard var service = KubernetesService(key, entry, context, problems) else { continue }
            var workload = service.workload(isAwaited: awaited.contains(key))
            let isStep = workload == .job && awaited.contains(key)
            let pod = service.pod(isKept: workload == .deployment, isStep: isStep)
            if workload == .deployment, pod.mounts.isStateful { workload = .statefulSet }
            problems = service.problems
            parts[key] = Part(service: service, workload: workload, pod: pod, isStep: isStep)
        }
    }

    /// How many pods use each claim.
    private func users() -> [String: Int?] {
        var users: [String: Int?] = [:]
        func add(_ claims: Set<String>, _ count: Int?) {
            for claim in claims {
                let earlier: Int? = users[claim] ?? 0
                users[claim] = .some(earlier.flatMap { earlier in count.map { earlier + $0 } })
            }
        }
        for (key, part) in parts where !part.isStep {
            let claims = stepNames(of: key).compactMap { parts[$0]?.pod.mounts.claims }.reduce(part.pod.mounts.claims) {
                $0.union($1)
            }
            add(claims, part.service.pods)
        }
        return users
    }

    /// The names that others give a service, by the service.
    private func aliases() -> [String: [(name: String, place: SourceRange)]] {
        var aliases: [String: [(name: String, place: SourceRange)]] = [:]
        for (key, entry) in services {
            for (_, network) in entry.value["networks"]?.mapping ?? Mapping() {
                for alias in network.value["aliases"]?.items ?? [] {
                    if let name = alias.string { aliases[key, default: []].append((name, alias.place)) }
                }
            }
            for link in entry.value["links"]?.items ?? [] {
                let (other, alias) = Spelling.cut(link.string ?? "", ":")
                if let alias { aliases[String(other), default: []].append((String(alias), link.place)) }
            }
        }
        return aliases
    }

    // MARK: Order

    /// What has to be through before a service, in order: with what has to be through before that.
    private func stepNames(of key: String) -> [String] {
        var names: [String] = []
        var visited: Set<String> = [key]
        func visit(_ key: String) {
            for (other, entry) in services[key]?["depends_on"]?.mapping ?? Mapping() {
                guard entry.value["condition"]?.string == "service_completed_successfully",
                    parts[other]?.isStep == true,
                    visited.insert(other).inserted
                else { continue }
                visit(other)
                names.append(other)
            }
        }
        visit(key)
        return names
    }

    /// The containers that are run in the pods of a service before it, with whatever is to tell about its order.
    private mutating func steps(of key: String) -> [KubernetesPod] {
        let names = stepNames(of: key)
        for name in [key] + names { tellOrder(of: name) }
        guard let part = parts[key] else { return [] }
        let pod = part.pod
        let networks = KubernetesNetworks(context)
        let reached = Set(networks.labels(of: part.service).keys)
        return names.compactMap { name in
            guard let step = parts[name] else { return nil }
            for setting in KubernetesPod.shared {
                guard let value = step.pod.settings[setting], value != pod.settings[setting] else { continue }
                problems.error(
                    "\"\(name)\" is run in the pods of \"\(key)\", whose containers share \"\(setting)\": give both the same",
                    at: services.place(ofKey: name))
            }
            if !reached.isSuperset(of: networks.labels(of: step.service).keys) {
                problems.error(
                    "\"\(name)\" is run in the pods of \"\(key)\", which are not in all of its networks: put both in the same",
                    at: services.place(ofKey: name))
            }
            return step.pod
        }
    }

    private mutating func tellOrder(of key: String) {
        for (other, entry) in services[key]?["depends_on"]?.mapping ?? Mapping() {
            let place = entry.value["condition"]?.place ?? entry.key
            switch entry.value["condition"]?.string {
            case "service_completed_successfully":
                if parts[other]?.isStep == true {
                    problems.warn(
                        "\"\(other)\" is run in each pod of \"\(key)\" before it starts, so again for each, and at each start",
                        at: place)
                } else if parts[other] != nil {
                    problems.error(
                        "\"\(other)\" does not end by itself in Kubernetes, so nothing can wait for that: give it "
                            + "\"restart: \\\"no\\\"\" or on-failure, and no schedule", at: place)
                }
            default:
                problems.warn(
                    "everything is started at once in Kubernetes: \"\(key)\" has to bear that \"\(other)\" is not there yet",
                    at: place)
            }
        }
    }

    /// The runtimes that pods ask for by name.
    private func runtimeClasses() -> [KubernetesObject] {
        let named = parts.values.compactMap { part -> String? in
            guard case .string(let name)? = part.pod.settings["runtimeClassName"] else { return nil }
            return name
        }
        return Set(named).sorted().map { name in
            // Of the whole cluster: it is in no namespace.
            KubernetesObject(
                "RuntimeClass", "node.k8s.io/v1",
                metadata: ["name": .string(name), "labels": ["app.kubernetes.io/managed-by": "gocker-compose"]],
                ["handler": .string(name)], at: context.document.model.place)
        }
    }
}
