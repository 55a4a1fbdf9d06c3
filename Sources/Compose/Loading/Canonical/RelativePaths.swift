/// Makes the paths of a model absolute: relative ones start from the project directory, `~` is the user's home.
struct RelativePaths {
    let directory: String
    let home: String?

    func resolve(_ model: Node) -> Node {
        model
            .mappingChild("services") { $0.eachChild(resolveService) }
            .mappingChild("configs") { $0.eachChild { $0.mappingChild("file", path) } }
            .mappingChild("secrets") { $0.eachChild { $0.mappingChild("file", path) } }
            .mappingChild("volumes") { $0.eachChild(driverDevice) }
    }

    func resolveService(_ service: Node) -> Node {
        service
            .mappingChild("rootfs") { $0.mappingChild("path", path) }
            .mappingChild("pre_start") { hooks in
                hooks.mapItems { hook in hook.mappingChild("rootfs") { $0.mappingChild("path", path) } }
            }
            .mappingChild("build") { build in
                build
                    .mappingChild("context", context)
                    .mappingChild("additional_contexts") { $0.eachChild(context) }
                    .mappingChild("ssh") { $0.eachChild(path) }
            }
            .mappingChild("env_file") { $0.eachItem { file in file.modify("path") { $0 = path($0) } } }
            .mappingChild("label_file") { files in
                files.items.map { files.with(.sequence($0.map(path))) } ?? files
            }
            .mappingChild("security_opt") { $0.mapItems(profile) }
            .mappingChild("extends") { $0.mappingChild("file", path) }
            .mappingChild("develop") { develop in
                develop.mappingChild("watch") { $0.eachItem { watch in watch.modify("path") { $0 = path($0) } } }
            }
            .mappingChild("volumes") { volumes in
                volumes.eachItem { volume in
                    guard volume["type"]?.string == "bind" else { return }
                    volume.modify("source") { $0 = path($0) }
                }
            }
    }

    private func path(_ node: Node) -> Node {
        guard let text = node.string, !text.isEmpty else { return node }
        return node.with(.scalar(Scalar(absolute(text))))
    }

    func absolute(_ path: String) -> String {
        var path = path
        if path.hasPrefix("~"), let home { path = Path.normalize("\(home)/\(path.dropFirst())") }
        let isWindows = path.utf8.dropFirst().first == UInt8(ascii: ":") || path.hasPrefix("\\\\")
        if Path.isAbsolute(path) || isWindows { return path }
        return Path.resolve(path, against: directory)
    }

    /// The seccomp profile that a security option may name.
    private func profile(_ node: Node) -> Node {
        guard let text = node.string else { return node }
        let resolved = SeccompOption.replacingPath(in: text, absolute)
        return resolved == text ? node : node.with(.scalar(Scalar(resolved)))
    }

    /// A build context may also be a service, or somewhere else altogether.
    private func context(_ node: Node) -> Node {
        guard let text = node.string else { return node }
        let elsewhere = ["service:", "https://", "http://", "git://", "ssh://", "github.com/", "git@"]
        let isElsewhere = text.contains("://") || elsewhere.contains { text.hasPrefix($0) }
        return isElsewhere ? node : path(node)
    }

    /// A volume of the local driver that is a bind mount in disguise.
    private func driverDevice(_ volume: Node) -> Node {
        guard volume["driver"]?.string == "local", volume["driver_opts"]?["o"]?.string == "bind" else { return volume }
        return volume.mappingChild("driver_opts") { $0.mappingChild("device", path) }
    }
}
