internal import Linux

/// Storage that outlives the services that use it.
public struct Volume: Hashable, Sendable {
    /// What is in it.
    public enum Content: Hashable, Sendable {
        /// A directory that is made and kept for it.
        case directory
        /// A directory of the host that is there already.
        case bind(String)
        /// A file system in memory, one for all containers; `isShared` where the stack has several that see it.
        case memory(options: String, isShared: Bool)
        /// Another file system, mounted for each container.
        case fileSystem(type: String, device: String, options: String)
    }

    /// One of its `labels`.
    public struct Label: Hashable, Sendable {
        public let name: String
        public let value: String
    }

    /// Unique on the machine.
    public let name: String
    public let content: Content
    /// Whether somebody else has made it.
    public let isExternal: Bool
    public let labels: [Label]

    /// Whether a text can be the name of one, and of a directory: letters, digits, `.`, `_` and `-`, the first a letter or
    /// a digit.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLetter || first.isDigit, text.utf8.count <= 200 else { return false }
        return Shape.NameRule.resource.allows(text)
    }
}

/// Where a service sees a volume.
public struct VolumeMount: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        case named(Volume)
        /// One of each instance's own; `owner` is another service whose first instance's it is.
        case anonymous(owner: ServiceName?)
    }

    public var source: Source
    /// An absolute path in the service.
    public let target: String
    public var isReadOnly: Bool
    /// Whether an empty volume begins with a copy of what the root file system has at `target`.
    public let copiesContent: Bool
    /// The directory in it that is seen; nil for all of it.
    public let subpath: String?

    /// What an anonymous volume is called: the same for the same instance, so that its next container finds it.
    static func name(of instance: String, in project: ProjectName, target: String) -> String {
        "\(project)_\(instance)_\(SHA256.hexadecimal(Array(target.utf8)).prefix(12))"
    }
}
