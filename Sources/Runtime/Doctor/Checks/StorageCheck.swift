internal import Linux

/// Whether a directory of Gocker's can be written to, or made, and has room.
struct StorageCheck: HostCheck {
    /// Absolute.
    let path: String
    /// What is kept there.
    let contents: String
    /// Less is too little to begin with.
    let least: ByteCount
    /// Whether overlays have their upper layers there.
    var holdsLayers = false

    func findings(on host: some Host) -> [Finding] {
        var existing = path
        while !host.exists(existing), let parent = parentDirectory(of: existing) { existing = parent }
        guard host.isWritable(existing) else {
            return [
                .missing(
                    path, existing == path ? "not to be written to" : "not there, and not to be made",
                    cost: "there is no place for \(contents)",
                    remedy: "make it writable, or name another directory in $GOCKER_RUN_DIR or $GOCKER_DATA_DIR")
            ]
        }
        if holdsLayers, host.kind(existing) == .overlay {
            return [
                .warning(
                    path, "on an overlay, as in a container",
                    cost: "what services change in their root file systems lasts for one run",
                    remedy: "mount another file system there, e.g. a volume of the engine")
            ]
        }
        guard let space = host.freeSpace(existing) else { return [.ok(path, "writable")] }
        guard space >= least else {
            return [
                .warning(
                    path, "\(space) free", cost: "there is little room for \(contents)",
                    remedy: "make room on the file system of \(existing)")
            ]
        }
        return [.ok(path, "\(space) free")]
    }
}
