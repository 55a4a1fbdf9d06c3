internal import Linux

/// The place of an archive's entry below the root: names only, no `.`, no `..`, no empty ones.
struct EntryPath: Hashable {
    /// None for the root itself.
    let names: [PathBytes]

    /// Reads a name as archives write it: `etc/passwd`, `./etc/passwd`, `/etc/passwd`, `etc/`.
    ///
    /// Returns nil where it holds `..`, even where that would stay inside: no archive needs it, and it means something
    /// else as soon as a directory turns into a link.
    init?(_ name: PathBytes) {
        let names = name.bytes.split(separator: UInt8(ascii: "/")).map { PathBytes($0) }
        guard !names.contains(PathBytes("..")) else { return nil }
        self.names = names.filter { $0 != PathBytes(".") }
    }

    private init(names: [PathBytes]) {
        self.names = names
    }

    /// The name itself and the directory it is in; nil for the root.
    var split: (parent: EntryPath, name: PathBytes)? {
        names.last.map { (EntryPath(names: names.dropLast()), $0) }
    }

    /// As the kernel takes it, relative to the root.
    var relativePath: PathBytes {
        names.isEmpty ? PathBytes(".") : PathBytes(Array(names.map(\.bytes).joined(separator: [UInt8(ascii: "/")])))
    }
}
