/// The mounts of a namespace as `/proc/PID/mountinfo` lists them. See proc_pid_mountinfo(5).
struct MountTable {
    struct Entry: Hashable {
        let identifier: Int
        let parent: Int
        /// Where it is mounted.
        let path: String
        /// Those of the mount itself, with one of the access times.
        let flags: MountFlags
    }

    private let entries: [Int: Entry]
    private let children: [Int: [Entry]]

    init(_ text: [UInt8]) {
        let list = text.split(separator: UInt8(ascii: "\n")).compactMap { Entry(line: $0) }
        entries = Dictionary(list.map { ($0.identifier, $0) }, uniquingKeysWith: { first, _ in first })
        children = Dictionary(grouping: list, by: \.parent)
    }

    subscript(identifier: Int) -> Entry? { entries[identifier] }

    /// All mounts below `mount` that have a path, outer before inner.
    func reachable(below mount: Entry) -> [Entry] {
        let mounts = children[mount.identifier, default: []].filter { $0.identifier != mount.identifier }
        // One on the root of this one hides it with all that is mounted on it.
        if let cover = mounts.first(where: { $0.path == mount.path }) { return [cover] + reachable(below: cover) }
        return mounts.flatMap { inner in
            let isHidden = mounts.contains { $0 != inner && inner.path.hasPrefix("\($0.path)/") }
            return isHidden ? [] : reachable(from: inner)
        }
    }

    private func reachable(from mount: Entry) -> [Entry] {
        let below = reachable(below: mount)
        return below.first?.path == mount.path ? below : [mount] + below
    }
}

extension MountTable.Entry {
    /// Reads `36 35 98:0 /source /place ro,noatime …`.
    init?(line: some Collection<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 6)
        guard fields.count > 5, let identifier = Int(String(decoding: fields[0], as: UTF8.self)),
            let parent = Int(String(decoding: fields[1], as: UTF8.self))
        else { return nil }
        self.identifier = identifier
        self.parent = parent
        path = String(decoding: Self.unescape(Array(fields[4])), as: UTF8.self)
        var flags: MountFlags = []
        for option in fields[5].split(separator: UInt8(ascii: ",")) {
            flags.formUnion(Self.options[String(decoding: option, as: UTF8.self)] ?? [])
        }
        self.flags = flags.isDisjoint(with: .accessTimes) ? flags.union(.strictAccessTime) : flags
    }

    private static let options: [String: MountFlags] = [
        "ro": .readOnly, "nosuid": .noSetUserID, "nodev": .noDevices, "noexec": .noExecution,
        "noatime": .noAccessTime, "nodiratime": .noDirectoryAccessTime, "relatime": .relativeAccessTime,
        "nosymfollow": .noSymbolicLinks,
    ]

    /// What would end a field is written as a backslash and three octal digits.
    private static func unescape(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            let digits = text[index...].dropFirst().prefix(3)
            if text[index] == UInt8(ascii: "\\"), digits.count == 3,
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                result.append(byte)
                index += 4
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    /// The path that leads here from the root of `top`, which is further up.
    func path(below top: MountTable.Entry) -> String {
        top.path == "/" ? path : String(path.dropFirst(top.path.count))
    }
}
