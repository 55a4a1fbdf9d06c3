internal import Linux

/// The log files of one instance: the one being written, and those set aside when it was full.
///
/// The file that follows is made under another name, and gets its own by a rename, as the full one does before: so there is
/// at every moment one that records can be added to, whenever the supervisor is killed.
final class LogFiles {
    private let instance: String
    private let directory: String
    private let kind: LogFileName.Kind
    private let rotation: LogRotation
    private let compressor: LogCompressor?
    private var file: any LogFileWriter

    /// A file that is not larger holds no record.
    private static let emptySize = Int64(LocalFormat.headerSize)
    /// The least that is written of a line, however small a file is to be.
    private static let smallestRoom = 4096

    /// Opens what there is, or begins anew.
    init(
        _ instance: String, in directory: String, _ kind: LogFileName.Kind, _ rotation: LogRotation,
        compressor: LogCompressor?
    ) throws(SystemError) {
        self.instance = instance
        self.directory = directory
        self.kind = kind
        self.rotation = rotation
        self.compressor = compressor
        let path = "\(directory)/\(LogFileName(instance, kind).text)"
        let other: LogFileName.Kind = kind == .local ? .json : .local
        let otherPath = "\(directory)/\(LogFileName(instance, other).text)"
        // Killed between two renames.
        if (try? FileStatus.ofLink(path)) == nil { try? renameFile(path + ".new", to: path) }
        if let found = try Self.open(path, kind, instance, directory) {
            file = found
            return
        }
        var end = LogEnd()
        let newest = try LogFileName.setAside(in: directory, of: instance).last
        var generation = (newest?.generation ?? 0) + 1
        if let old = try Self.open(otherPath, other, instance, directory) {
            // The driver is another one now: the numbers go on.
            end = old.end
            generation = max(generation, old.generation)
            try renameFile(
                otherPath, to: "\(directory)/\(LogFileName(instance, other, generation: generation).text)")
            generation += 1
        } else if let newest {
            end = try Self.end(of: newest, in: directory) ?? end
        }
        file = try Self.create(path + ".new", kind, generation, end)
        try renameFile(path + ".new", to: path)
    }

    var end: LogEnd { file.end }

    /// Adds a record; one that does not fit into the file is split. Where that fails, `rest` is what is not kept.
    func append(_ rest: inout LogRecord) throws(SystemError) {
        guard let limit = rotation.maxSize?.bytes, rest.kind == .output else { return try file.append(rest) }
        while true {
            var count = file.fitting(rest.payload, of: rest.stream, within: limit)
            if count == 0, file.size > Self.emptySize {
                try setAside()
                count = file.fitting(rest.payload, of: rest.stream, within: limit)
            }
            // A line that is longer than a file may be goes on in the next one.
            if count == 0 { count = min(rest.payload.count, max(Self.smallestRoom, Int(limit - file.size))) }
            guard count < rest.payload.count else { return try file.append(rest) }
            var part = rest
            part.payload = rest.payload.part(0, count)
            part.lines = UInt64(part.payload.lineFeedCount)
            part.open = file.end.open
            let endsLine = part.payload[count - 1] == 0x0A
            if endsLine { part.open.remove(OpenLines(part.stream)) } else { part.open.insert(OpenLines(part.stream)) }
            try file.append(part)
            rest.payload = rest.payload.part(count, rest.payload.count)
            rest.first = part.next
            rest.lines -= part.lines
            rest.continues = !endsLine
        }
    }

    private func setAside() throws(SystemError) {
        let path = "\(directory)/\(LogFileName(instance, kind).text)"
        let next = try Self.create(path + ".new", kind, file.generation + 1, file.end)
        let full = LogFileName(instance, kind, generation: file.generation)
        try renameFile(path, to: "\(directory)/\(full.text)")
        try renameFile(path + ".new", to: path)
        file = next
        prune()
        if rotation.compress, rotation.maxFiles > 1 { compressor?.compress(instance) }
    }

    private func prune() {
        let names = (try? LogFileName.setAside(in: directory, of: instance)) ?? []
        for name in names.dropLast(max(0, rotation.maxFiles - 1)) { try? removeFile("\(directory)/\(name.text)") }
    }

    private static func create(
        _ path: String, _ kind: LogFileName.Kind, _ generation: UInt64, _ end: LogEnd
    ) throws(SystemError) -> any LogFileWriter {
        switch kind {
        case .local: try LocalLogFile(creating: path, generation: generation, after: end)
        case .json: try JSONLogFile(creating: path, generation: generation, after: end)
        }
    }

    private static func open(
        _ path: String, _ kind: LogFileName.Kind, _ instance: String, _ directory: String
    ) throws(SystemError) -> (any LogFileWriter)? {
        switch kind {
        case .local: return try LocalLogFile(continuing: path)
        case .json:
            guard (try? FileStatus.ofLink(path)) != nil else { return nil }
            let newest = try LogFileName.setAside(in: directory, of: instance).last?.generation ?? 0
            return try JSONLogFile(continuing: path, generation: newest + 1)
        }
    }

    /// Where the numbering stood at the end of a file that was set aside.
    private static func end(of name: LogFileName, in directory: String) throws(SystemError) -> LogEnd? {
        let found = try FileDescriptor.open("\(directory)/\(name.text)", .noFollow)
        let plain = name.isCompressed ? try Compression.unpack(found) : found
        guard let reader = try LogFileReader(plain, name.kind) else { return nil }
        _ = try reader.seekBack(lines: 1)
        var end = LogEnd()
        while let record = try reader.next() { end.pass(record) }
        return end
    }
}
