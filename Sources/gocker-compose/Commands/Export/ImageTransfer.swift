internal import Compose
internal import Linux

/// Hands images to engines and registries, by the programs that people have for that: those know how to log in where.
struct ImageTransfer {
    /// Whether a registry may be reached without encryption.
    let isInsecure: Bool

    /// Loads the image of an archive into the engine that `docker` talks to.
    func load(_ archive: borrowing FileDescriptor) throws {
        guard let docker = Self.find("docker") else {
            throw Failure("export: --load needs the program docker, and there is none: apt-get install docker.io")
        }
        try Self.run([docker, "load", "--quiet"], reading: archive)
    }

    /// Puts the image of an archive into its registry: with `skopeo`, or else through the engine that `docker` talks to.
    ///
    /// - Returns: the program that did it.
    func push(_ archive: borrowing FileDescriptor, as reference: ImageReference) throws -> String {
        if let skopeo = Self.find("skopeo") {
            var words = [skopeo, "copy", "--quiet"]
            if isInsecure || reference.registry?.isOnThisMachine == true { words.append("--dest-tls-verify=false") }
            try Self.run(words + ["docker-archive:/proc/self/fd/0", "docker://\(reference)"], reading: archive)
            return "skopeo"
        }
        guard let docker = Self.find("docker") else {
            throw Failure(
                "export: --push needs skopeo or docker, and there is neither: apt-get install skopeo")
        }
        try load(archive)
        try Self.run([docker, "push", "--quiet", "\(reference)"], reading: archive)
        return "docker"
    }

    /// The path of a program.
    private static func find(_ name: String) -> String? {
        let directories = (environmentVariable("PATH") ?? Service.standardPath).split(separator: ":")
        return directories.map { "\($0)/\(name)" }.first(where: isExecutable)
    }

    /// Runs a program. What it says is progress: standard output may be the stack's.
    private static func run(_ words: [String], reading input: borrowing FileDescriptor) throws {
        let name = words[0].split(separator: "/").last ?? ""
        let input = try input.reopen()
        let process = try spawn(
            path: words[0], arguments: words, environment: currentEnvironment(), descriptors: [input.number, 2, 2])
        guard try process.wait().isSuccess else {
            throw Failure("export: \(name) \(words[1]) failed; its words are above")
        }
    }
}

extension ImageRegistry {
    /// Whether it is a registry of this machine, which engines reach without encryption.
    fileprivate var isOnThisMachine: Bool {
        let name = (host ?? "").split(separator: ":").first ?? ""
        return name == "localhost" || name.hasPrefix("127.")
    }
}
