internal import FoundationEssentials
public import Linux
internal import Runtime

/// The volumes of the machine: below the data directory, beside those of the stacks, which `down` takes away.
public struct VolumeStore {
    /// What is written down of a volume.
    public struct Record: Codable, Hashable, Sendable {
        public let name: String
        /// The stack that made it.
        public let project: String
        /// The instance whose own it is; nil for one with a name of its own.
        public let instance: String?
        public let labels: [String: String]
    }

    /// No project can be called so.
    static let directory = ".volumes"

    private let base: String

    public init(_ directory: StackDirectory) {
        base = "\(directory.dataBase)/\(Self.directory)"
    }

    private func directory(_ name: String) -> String { "\(base)/\(name)" }
    /// What services see of it.
    public func content(of name: String) -> String { "\(directory(name))/data" }
    private func file(_ name: String) -> String { "\(directory(name))/volume.json" }

    /// By name.
    public var records: [Record] {
        ((try? directoryEntries(base)) ?? []).sorted().compactMap { record($0) }
    }

    /// Those that a stack has made.
    public func records(of project: ProjectName) -> [Record] { records.filter { $0.project == project.text } }

    public func record(_ name: String) -> Record? {
        guard let bytes = try? readFile(file(name)) else { return nil }
        return try? JSONDecoder().decode(Record.self, from: Data(bytes))
    }

    /// Makes a volume where there is none of its name.
    func make(_ record: Record) throws(SystemError) {
        guard self.record(record.name) == nil else { return }
        try makeDirectories(content(of: record.name), mode: 0o700)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(record) else {
            throw SystemError("write down", record.name, .invalidArgument)
        }
        // Everybody's to enter: what is above is for its owner only.
        try FileDescriptor.open(content(of: record.name), .directory).setMode(0o755)
        try replaceFile(file(record.name), with: data)
    }

    public func remove(_ name: String) throws(SystemError) {
        try ContainerFiles.removeTree(directory(name))
        // The last one takes the directories with it.
        try? removeDirectory(base)
        if let data = parentDirectory(of: base) { try? removeDirectory(data) }
    }

    /// Lets an empty volume begin with a copy of a directory, with its owner and permissions.
    ///
    /// The copy is made beside the volume, and then moved into it, by whoever comes next if need be: a service never
    /// finds a part of it for the whole. Others may be using the volume, so that its directory stays the same one.
    ///
    /// - Parameter path: below `root`, which is never left. Where it is no directory nothing is done.
    func fill(_ name: String, from root: String, _ path: String) throws(SystemError) {
        guard try isUnfilled(name) else { return }
        // Others may be at it.
        let owner = try FileDescriptor.open(directory(name), .directory)
        try owner.lock()
        let (part, whole) = ("\(directory(name))/part", "\(directory(name))/whole")
        let destination = try FileDescriptor.open(content(of: name), .directory)
        if (try? FileStatus.ofLink(whole)) == nil {
            guard try destination.entries().isEmpty else { return }
            guard let source = try Self.source(root, path) else { return }
            try removeTree(part)
            try makeDirectory(part, mode: 0o700)
            try Self.copy(source, to: part, path)
            try renameFile(part, to: whole)
        }
        let copy = try FileDescriptor.open(whole, .directory)
        for entry in try copy.entries() { try renameFile("\(whole)/\(entry)", to: "\(content(of: name))/\(entry)") }
        let status = try copy.status()
        try destination.setOwner(status.owner, group: status.group)
        try destination.setMode(status.mode)
        try removeDirectory(whole)
    }

    /// Whether a volume is empty, or has only a part of what it is to begin with.
    private func isUnfilled(_ name: String) throws(SystemError) -> Bool {
        if (try? FileStatus.ofLink("\(directory(name))/whole")) != nil { return true }
        return try directoryEntries(content(of: name)).isEmpty
    }

    /// Whether there is anything to be copied, and nothing where it is to be.
    func isToDo(_ copy: VolumeCopy) throws(SystemError) -> Bool {
        let isEmpty =
            switch copy.destination {
            case .volume(let name): try isUnfilled(name)
            case .directory(let path): try directoryEntries(path).isEmpty
            }
        guard isEmpty, let source = try Self.source(copy.root, copy.path) else { return false }
        return try !source.entries().isEmpty
    }

    /// The same for a directory of the host, which is nobody's to make anything beside.
    static func fill(directory target: String, from root: String, _ path: String) throws(SystemError) {
        guard try directoryEntries(target).isEmpty, let source = try source(root, path) else { return }
        let owner = try FileDescriptor.open(target, .directory)
        try owner.lock()
        guard try owner.entries().isEmpty else { return }
        try copy(source, to: target, path)
    }

    private static func source(_ root: String, _ path: String) throws(SystemError) -> FileDescriptor? {
        let root = try FileDescriptor.open(root, [.path, .directory])
        guard let place = try? root.openInRoot(path), try place.status().kind == .directory else { return nil }
        return try place.open(".", .directory)
    }

    private static func copy(
        _ source: borrowing FileDescriptor, to target: String, _ path: String
    ) throws(SystemError) {
        do {
            let destination = try FileDescriptor.open(target, .directory)
            try source.copyEntries(to: destination)
            let status = try source.status()
            try destination.setOwner(status.owner, group: status.group)
            try destination.setMode(status.mode)
        } catch {
            throw SystemError("copy", "\(path) of the root file system into its volume", error.errno)
        }
    }
}
