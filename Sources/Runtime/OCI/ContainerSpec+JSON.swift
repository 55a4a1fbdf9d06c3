public import JSON
internal import Linux

extension ContainerSpec {
    /// Reads a `config.json` of any version 1 of the specification.
    ///
    /// - Parameter bundle: the absolute path of the directory it is in; relative paths in it begin there.
    /// - Throws: `SpecError`, naming the place, for what is missing, wrong, contradictory or not acted on.
    public init(config: JSONValue, bundle: String) throws(SpecError) {
        let document = try SpecObject(config)
        try SpecVersion.check(document)
        guard let process = try document.object("process") else { throw document.failure("process", "is missing") }
        guard let linux = try document.object("linux") else { throw document.failure("linux", "is missing") }
        self.init(
            process: try ProcessSpec(process), root: try RootSpec(document, bundle: bundle),
            hostname: try document.text("hostname"), domainName: try document.text("domainname"),
            mounts: try document.list("mounts").map { (mount) throws(SpecError) in
                try MountSpec(mount, bundle: bundle)
            },
            hooks: try document.object("hooks").map { (hooks) throws(SpecError) in try Hooks(hooks) } ?? Hooks(),
            linux: try LinuxSpec(linux),
            annotations: try document.textEntries("annotations").map { Annotation($0.key, $0.value) })
        root.propagation = try linux.text("rootfsPropagation").map { (text) throws(SpecError) in
            guard let spread = MountSpec.Spread(text) else {
                throw linux.failure("rootfsPropagation", "\"\(text)\" is no propagation, such as rprivate or rslave")
            }
            return spread
        }
        if let label = try linux.text("mountLabel"), !label.isEmpty {
            guard SecurityModule.seLinux.isActive else {
                throw linux.failure("mountLabel", "SELinux is not active on this machine")
            }
            guard !label.contains("\"") else { throw linux.failure("mountLabel", "expected a label of SELinux") }
            for index in mounts.indices { mounts[index].source.label(label) }
        }
        try validate(document)
    }

    /// What each part allows and their sum does not.
    private func validate(_ document: SpecObject) throws(SpecError) {
        let own = linux.ownNamespaces
        guard own.contains(.mount) else {
            throw SpecError("linux.namespaces", "a mount namespace is missing, without which nothing can be mounted")
        }
        if hostname != nil, !own.contains(.hostname) {
            throw document.failure("hostname", "needs a uts namespace, or it would be the host's name")
        }
        if domainName != nil, !own.contains(.hostname) {
            throw document.failure("domainname", "needs a uts namespace, or it would be the host's")
        }
        for setting in linux.systemControls { try setting.check(own) }
        if linux.namespaces.contains(.user) {
            guard !linux.identityMappings.users.isEmpty, !linux.identityMappings.groups.isEmpty else {
                throw SpecError("linux.uidMappings", "a user namespace needs uidMappings and gidMappings")
            }
        } else if !linux.identityMappings.users.isEmpty, !own.contains(.user) {
            throw SpecError("linux.uidMappings", "mean nothing without a user namespace")
        }
        if !linux.timeOffsets.isEmpty, !linux.namespaces.contains(.time) {
            throw SpecError("linux.timeOffsets", "mean nothing without a new time namespace")
        }
    }
}

/// The version of the specification that a document says it is of.
enum SpecVersion {
    /// The newest one whose words are all known here.
    static let current = "1.3.0"

    static func check(_ document: SpecObject) throws(SpecError) {
        let version = try document.requiredText("ociVersion")
        let numbers = version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers.allSatisfy({ UInt32($0) != nil }) else {
            throw document.failure("ociVersion", "\"\(version)\" is no version, such as \(current)")
        }
        guard numbers.first == "1" else {
            throw document.failure("ociVersion", "\(version) is not supported; versions from 1.0.0 to 1.x are")
        }
    }
}

extension RootSpec {
    fileprivate init(_ document: SpecObject, bundle: String) throws(SpecError) {
        guard let root = try document.object("root") else { throw document.failure("root", "is missing") }
        let path = try root.requiredText("path")
        guard !path.isEmpty else { throw root.failure("path", "expected the path of a directory") }
        self.init(
            path: path.hasPrefix("/") ? path : "\(bundle)/\(path)", readOnly: try root.boolean("readonly") ?? false,
            allowsDevices: true)
    }
}

extension Hooks {
    init(_ object: SpecObject) throws(SpecError) {
        self.init()
        prestart = try Self.list(object, "prestart")
        createRuntime = try Self.list(object, "createRuntime")
        createContainer = try Self.list(object, "createContainer")
        startContainer = try Self.list(object, "startContainer")
        poststart = try Self.list(object, "poststart")
        poststop = try Self.list(object, "poststop")
    }

    private static func list(_ object: SpecObject, _ key: String) throws(SpecError) -> [Hook] {
        try object.list(key).map { (hook) throws(SpecError) in
            let path = try hook.requiredText("path")
            guard path.hasPrefix("/") else { throw hook.failure("path", "expected an absolute path") }
            let timeout = try hook.integer("timeout", as: UInt32.self)
            guard timeout != 0 else { throw hook.failure("timeout", "expected a number of seconds above 0") }
            return Hook(
                path: path, arguments: try hook.texts("args"), environment: try hook.texts("env"), timeout: timeout)
        }
    }
}
