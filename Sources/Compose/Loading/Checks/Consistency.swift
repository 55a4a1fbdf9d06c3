/// Checks that the keys of each service agree with each other.
enum Consistency {
    /// The model, with what two keys say put into both.
    static func check(_ model: Node, problems: inout Problems) -> Node {
        let checked = model.mappingChild("services") { services in
            services.mapEntries { name, entry in
                var check = ServiceConsistency(name, entry)
                let service = check.run()
                problems.add(check.problems)
                return service
            }
        }
        checkBuildContexts(checked["services"]?.mapping ?? Mapping(), problems: &problems)
        return checked
    }

    /// A build may take its context from another service, which then has to be built too.
    private static func checkBuildContexts(_ services: Mapping, problems: inout Problems) {
        for (name, entry) in services {
            for (_, context) in entry.value["build"]?["additional_contexts"]?.mapping ?? Mapping() {
                guard let text = context.value.string, text.hasPrefix("service:") else { continue }
                let other = String(text.dropFirst("service:".count))
                guard services[other]?["build"] == nil else { continue }
                let problem = services[other] == nil ? "no service of this stack" : "not built"
                let message = "service \"\(name)\" is built from \"\(other)\", which is \(problem)"
                problems.error(message, at: context.value.place)
            }
        }
    }
}

/// The checks of one service.
private struct ServiceConsistency {
    private let name: String
    private let key: SourceRange
    private var service: Node
    var problems = Problems()

    init(_ name: String, _ entry: Mapping.Entry) {
        self.name = name
        self.key = entry.key
        self.service = entry.value
    }

    mutating func run() -> Node {
        guard service.mapping != nil else { return service }
        checkSource()
        checkBuild()
        checkNetworks()
        checkHealth()
        checkReplicas()
        checkLimits()
        checkWatches()
        checkMountPoints()
        return service
    }

    private func place(_ key: String) -> SourceRange { service.mapping?.place(ofKey: key) ?? self.key }

    private mutating func checkSource() {
        let isThere = ["rootfs", "image", "build", "provider"].contains { key in
            guard let node = service[key] else { return false }
            return node.isInvalid || node.mapping != nil || node.string?.isEmpty == false
        }
        guard !isThere else { return }
        problems.error("service \"\(name)\" has no root file system; add \"rootfs: DIRECTORY\"", at: key)
    }

    private mutating func checkBuild() {
        guard let build = service["build"] else { return }
        if let inline = build.mapping?.place(ofKey: "dockerfile_inline"),
            let file = build.mapping?.place(ofKey: "dockerfile")
        {
            problems.error(
                "\"dockerfile\" and \"dockerfile_inline\" exclude each other", at: inline,
                notes: [Diagnostic.Note(message: "and here", place: file)]
            )
        }
        let platforms = build["platforms"]?.items?.compactMap(\.string) ?? []
        if let platform = service["platform"]?.string, !platforms.isEmpty, !platforms.contains(platform) {
            problems.error("\"\(platform)\" is not among the platforms that are built", at: place("platform"))
        }
    }

    private mutating func checkNetworks() {
        guard let mode = service["network_mode"], mode.string?.isEmpty == false else { return }
        guard service["networks"]?.mapping?.isEmpty == false else { return }
        problems.error(
            "service \"\(name)\" can have only one of \"network_mode\" and \"networks\"", at: place("network_mode"),
            notes: [Diagnostic.Note(message: "and here", place: place("networks"))]
        )
    }

    private mutating func checkHealth() {
        guard let first = service["healthcheck"]?["test"]?.items?.first, let text = first.string else { return }
        guard !["CMD", "CMD-SHELL", "NONE"].contains(text) else { return }
        problems.error("a health check begins with CMD, CMD-SHELL or NONE, found \"\(text)\"", at: first.place)
    }

    private mutating func checkReplicas() {
        let scale = service["scale"]
        let replicas = service["deploy"]?["replicas"]
        for node in [scale, replicas] {
            guard let node, let count = node.integer, count < 0 else { continue }
            problems.error("service \"\(name)\" cannot run less than 0 times", at: node.place)
        }
        if let scale, let replicas, scale != replicas {
            problems.error(
                "\"scale\" and \"deploy.replicas\" of service \"\(name)\" differ", at: scale.place,
                notes: [Diagnostic.Note(message: "and here", place: replicas.place)]
            )
        } else if let scale {
            service = service.mappingChild("deploy") { deploy in
                deploy.changingMapping { $0.set("replicas", scale, at: scale.place) }
            }
        }
        if let count = (scale ?? replicas)?.integer, count > 1, service["container_name"]?.string?.isEmpty == false {
            problems.error(
                "service \"\(name)\" runs \(count) times, so it cannot have one \"container_name\"",
                at: place("container_name")
            )
        }
    }

    /// The keys for limits say the same as those under `deploy`, or they contradict them.
    private mutating func checkLimits() {
        guard let resources = service["deploy"]?["resources"] else { return }
        let pairs = [
            ("cpus", "limits", "cpus"), ("mem_limit", "limits", "memory"), ("pids_limit", "limits", "pids"),
            ("mem_reservation", "reservations", "memory"),
        ]
        for (key, kind, other) in pairs {
            guard let own = service[key], !own.isInvalid, !own.isZero, let table = resources[kind] else { continue }
            guard table.mapping != nil, !own.isSameNumber(as: table[other]) else { continue }
            problems.error(
                "\"\(key)\" and \"deploy.resources.\(kind).\(other)\" of service \"\(name)\" differ", at: own.place,
                notes: [Diagnostic.Note(message: "and here", place: (table[other] ?? table).place)]
            )
        }
    }

    private mutating func checkWatches() {
        for watch in service["develop"]?["watch"]?.items ?? [] {
            guard let action = watch["action"], let text = action.string else { continue }
            guard !["rebuild", "restart"].contains(text), watch["target"]?.string?.isEmpty ?? true else { continue }
            problems.error("the action \"\(text)\" needs a \"target\"", at: action.place)
        }
    }

    private mutating func checkMountPoints() {
        var taken: [String: SourceRange] = [:]
        let tmpfs = (service["tmpfs"]?.items ?? []).compactMap { node in
            node.string.map { (String(Spelling.cut($0, ":").0), node.place) }
        }
        let volumes = (service["volumes"]?.items ?? []).compactMap { node in
            node["target"]?.string.map { ($0, node.place) }
        }
        for (target, place) in tmpfs + volumes {
            if let first = taken[target] {
                let note = Diagnostic.Note(message: "first here", place: first)
                problems.error("two mounts of service \"\(name)\" at \"\(target)\"", at: place, notes: [note])
            } else {
                taken[target] = place
            }
        }
    }
}

extension Node {
    fileprivate var isZero: Bool { number == 0 }

    fileprivate func isSameNumber(as other: Node?) -> Bool { number == other?.number ?? 0 }

    private var number: Double? {
        switch scalar?.kind {
        case .integer(let value): Double(value)
        case .float(let value): value
        case .string: Double(scalar?.text ?? "")
        case .null, .boolean, nil: nil
        }
    }
}
