/// A secret or a config: a file that a service sees and cannot change.
public struct ServiceFile: Hashable, Sendable {
    /// Where its content is from.
    public enum Content: Hashable, Sendable {
        /// A file of the host, read whenever a container is started.
        case file(String)
        /// The stack file itself.
        case text(String)
        /// A variable of the command that has started the stack. The content is kept in memory, under its digest.
        case variable(String, digest: String)
    }

    /// What it is called in the stack file.
    public let name: String
    public let content: Content
    /// An absolute path in the service.
    public let target: String
    public let owner: UInt32
    public let group: UInt32
    /// Permission bits.
    public let mode: UInt32
}

extension ServiceReader {
    /// Where secrets and configs are, unless they say so.
    private static let directories = ["secrets": "/run/secrets", "configs": ""]

    mutating func readFiles() -> [ServiceFile] {
        ["secrets", "configs"].flatMap { kind in
            (node[kind]?.items ?? []).compactMap { readFile($0, kind, Self.directories[kind] ?? "") }
        }
    }

    private mutating func readFile(_ mount: Node, _ kind: String, _ directory: String) -> ServiceFile? {
        guard let name = mount["source"]?.string, let definition = resources[kind]?[name] else { return nil }
        let single = kind.dropLast()
        if definition["external"]?.boolean == true {
            problems.error(
                "the \(single) \"\(name)\" is external, and there is no store to take it from: give it a \"file\" or an "
                    + "\"environment\"", at: definition["external"]?.place)
            return nil
        }
        let content: ServiceFile.Content
        if let path = definition["file"]?.string {
            content = .file(path)
        } else if let text = definition["content"]?.string {
            content = .text(text)
        } else if let variable = definition["environment"]?.string {
            // Nothing is known of it where the variable is not set, which has been told.
            content = .variable(variable, digest: UsedContents.digest(of: name, kind, in: node) ?? "")
        } else {
            return nil
        }
        var target = mount["target"]?.string ?? name
        if !Path.isAbsolute(target) { target = "\(directory)/\(target)" }
        return ServiceFile(
            name: name, content: content, target: Path.normalize(target), owner: readID(mount, "uid"),
            group: readID(mount, "gid"), mode: readMode(mount))
    }

    private mutating func readID(_ mount: Node, _ key: String) -> UInt32 {
        guard let text = mount[key]?.string, !text.isEmpty else { return 0 }
        if let number = UInt32(text), number < .max { return number }
        refuse(key, "a number", found: text, at: mount[key]?.place)
        return 0
    }

    private mutating func readMode(_ mount: Node) -> UInt32 {
        guard let text = mount["mode"]?.string else { return 0o444 }
        if let mode = UInt32(text, radix: 8), mode <= 0o777 { return mode }
        refuse("mode", "permission bits such as 0440", found: text, at: mount["mode"]?.place)
        return 0o444
    }
}
