internal import Linux

/// A root file system as the one layer of an image: a tar archive that is the same whenever the root file system is, byte
/// for byte. Names are in order, times in whole seconds, owners are numbers.
///
/// See the OCI image specification, "Image Layer Filesystem Changeset".
struct ImageLayer {
    typealias Reason = RootFilesystemError.Reason

    let directory: String
    /// Times after this one become it; nil for none. In seconds since 1970.
    let latestTime: Int64?
    /// Told what is left out.
    let warn: (String) -> Void

    /// Writes the archive.
    func write(to sink: any ByteSink) throws(Reason) {
        let root = try kernel(try FileDescriptor.open(directory, [.read, .directory]))
        let writer = try ArchiveWriter(sink)
        let reader = TreeReader(ownership: .kept, isWhole: true, warn: warn)
        try reader.readEntries(of: root, as: PathBytes("")) { entry, content throws(Reason) in
            if let reason = Self.meaning(of: entry) { return warn("\(entry.name) \(reason), and left out") }
            try writer.write(inWholeSeconds(entry), content)
        }
        try writer.finish()
    }

    /// What an engine would take an entry for, where that is not what it is.
    private static func meaning(of entry: ArchiveEntry) -> String? {
        let name = entry.name.bytes.split(separator: UInt8(ascii: "/")).last ?? []
        if name.starts(with: ".wh.".utf8) { return "would hide another file in an image" }
        if case .node(.characterDevice(DeviceNumber(major: 0, minor: 0))) = entry.kind {
            return "would hide another file in an overlay"
        }
        return nil
    }

    private func inWholeSeconds(_ entry: ArchiveEntry) -> ArchiveEntry {
        var metadata = entry.metadata
        metadata.modified = metadata.modified.map { time in
            FileTime(seconds: latestTime.map { min($0, time.seconds) } ?? time.seconds)
        }
        return ArchiveEntry(name: entry.name, kind: entry.kind, metadata: metadata)
    }
}
