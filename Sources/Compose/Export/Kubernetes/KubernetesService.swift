internal import JSON
internal import Linux

/// One service on its way into Kubernetes. What is said about it is in extensions, one for each side of it.
struct KubernetesService {
    /// What the translation of every service needs to know of the whole stack.
    struct Context {
        let document: StackDocument
        let options: KubernetesOptions
        let names: KubernetesNames
        /// What root file systems have become, by their paths.
        let images: [String: ImageReference]
        let host: any HostInspector
    }

    /// What it is called in the stack file.
    let key: String
    /// What it is called in Kubernetes.
    let name: String
    let node: Node
    let context: Context
    var problems: ExportProblems
    /// Reads what has a type of its own already.
    private var reader: ServiceReader
    private let keyPlace: SourceRange

    /// - Returns: nil where it has no name in Kubernetes, which has been told.
    init?(_ key: String, _ entry: Mapping.Entry, _ context: Context, _ problems: ExportProblems) {
        guard let name = context.names.services[key], let serviceName = ServiceName(key), entry.value.mapping != nil
        else { return nil }
        self.key = key
        self.name = name
        self.context = context
        self.problems = problems
        node = entry.value
        keyPlace = entry.key
        let model = context.document.model
        reader = ServiceReader(
            serviceName, entry, services: model["services"]?.mapping ?? Mapping(), resources: model)
    }

    var options: KubernetesOptions { context.options }
    var deploy: Node? { node["deploy"] }

    /// Reads something by the reader that `up` uses, and takes over what is wrong with it.
    mutating func read<Value>(_ read: (inout ServiceReader) -> Value) -> Value {
        let value = read(&reader)
        problems.add(reader.problems)
        reader.problems = Problems()
        return value
    }

    func text(_ key: String) -> String? { node[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    func texts(_ key: String) -> [String] { node[key]?.items?.compactMap { $0.scalar?.display } ?? [] }

    /// Where a key stands; where it does not, where the service does.
    func place(_ key: String) -> SourceRange { node.mapping?.place(ofKey: key) ?? keyPlace }

    /// - Parameter key: by which it can be ignored.
    mutating func refuse(_ key: String, _ advice: String, at place: SourceRange? = nil) {
        problems.refuse(key, at: place ?? self.place(key), advice: advice, notes: node[key]?.notes ?? [])
    }

    mutating func warn(_ message: String, at place: SourceRange) {
        problems.warn(message, at: place)
    }
}

// MARK: Its pods, seen from elsewhere

extension KubernetesService {
    /// By which everything of it is found.
    var selector: JSONValue {
        ["app.kubernetes.io/name": .string(name), "app.kubernetes.io/instance": .string(context.project)]
    }

    /// How many there are at a time; nil for one on each node.
    var pods: Int? {
        if node["schedule"]?.isUnset == false { return 1 }
        if ["global", "global-job"].contains(deploy?["mode"]?.string) { return nil }
        guard let count = deploy?["replicas"]?.integer ?? node["scale"]?.integer else { return 1 }
        return Int(clamping: max(0, count))
    }

    /// Whether it is in the network of its node.
    var isInHostNetwork: Bool { text("network_mode") == "host" }
}

extension KubernetesService.Context {
    /// What the stack is called in labels.
    var project: String {
        // A project's name may end with what no label ends with.
        let name = document.name.text.replacing("_", with: "-")
        return String(name.prefix(63).reversed().drop { $0 == "-" }.reversed())
    }

    /// What all objects begin with.
    ///
    /// - Parameter service: what the object belongs to; nil for the whole stack.
    func metadata(
        _ name: String, service: String? = nil, labels: [String: String] = [:], annotations: [String: String] = [:]
    ) -> JSONValue {
        var all = labels
        all["app.kubernetes.io/name"] = service
        all["app.kubernetes.io/instance"] = project
        all["app.kubernetes.io/managed-by"] = "gocker-compose"
        return .fields([
            "name": .string(name), "namespace": options.namespace.map { .string($0) }, "labels": .texts(all),
            "annotations": .texts(annotations),
        ])
    }
}
