public import Linux

/// Mount options as people write them: `ro,noexec,size=64m`. See mount(8).
public struct MountOptions: Hashable, Sendable {
    public let flags: MountFlags
    /// What is left for the file system itself.
    public let data: String

    private static let table: [String: (set: MountFlags, clear: MountFlags)] = [
        "defaults": ([], []),
        "ro": (.readOnly, []), "rw": ([], .readOnly),
        "nosuid": (.noSetUserID, []), "suid": ([], .noSetUserID),
        "nodev": (.noDevices, []), "dev": ([], .noDevices),
        "noexec": (.noExecution, []), "exec": ([], .noExecution),
        "noatime": (.noAccessTime, []), "atime": ([], .noAccessTime),
        "strictatime": (.strictAccessTime, []), "relatime": (.relativeAccessTime, []),
    ]

    /// Reads `text`, starting from the flags in `defaults`; the last word on a flag counts.
    public init(_ text: String, defaults: MountFlags = []) {
        var flags = defaults
        var data: [Substring] = []
        for option in text.split(separator: ",") {
            if let change = Self.table[String(option)] {
                flags.subtract(change.clear)
                flags.formUnion(change.set)
            } else {
                data.append(option)
            }
        }
        self.flags = flags
        self.data = data.joined(separator: ",")
    }
}
