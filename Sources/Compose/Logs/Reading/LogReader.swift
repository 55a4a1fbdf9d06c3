internal import Linux

/// Reads what one instance has printed, from the oldest record kept on, over all of its files, and further as it is
/// written: no record twice and none missing, whatever is set aside or compressed meanwhile.
final class LogReader {
    let instance: String
    private let directory: String
    private var file: LogFileReader?
    /// Which of the instance's files `file` is.
    private var generation: UInt64 = 0
    /// Whether `file` had the name of the one being written when it was opened.
    private var isCurrent = false
    /// The number that the next record is expected to begin with; nil before the first one.
    private var expected: UInt64?
    /// What was removed before it could be read, or is damaged, since it was last told.
    private(set) var lost: LostLines?
    private var joiner = LineJoiner()
    /// The number of the first line to pass.
    private var firstWanted: UInt64 = 0
    /// The record that is next in order of time.
    private(set) var pending: LogRecord?

    init(_ instance: String, in directory: String) {
        self.instance = instance
        self.directory = directory
    }

    /// Makes the next record the pending one.
    ///
    /// - Returns: whether there is one.
    func advance() throws(SystemError) -> Bool {
        pending = try next()
        return pending != nil
    }

    /// Passes the lines that end in the pending record, and what is lost before it and in it.
    func takePending(line: (LogLine) throws -> Void, lost: (LostLines) throws -> Void) rethrows {
        guard let record = pending else { return }
        if let before = self.lost {
            self.lost = nil
            if before.first >= firstWanted { try lost(before) }
        }
        if record.kind == .dropped, record.payload.count >= 4, record.first >= firstWanted {
            let cause = DropCause(code: record.payload.number(at: 0))
            try lost(
                LostLines(time: record.time, first: record.first, count: record.lines, reason: cause.sentence))
        }
        let firstWanted = firstWanted
        try joiner.take(record) { found in if found.number >= firstWanted { try line(found) } }
    }

    /// Passes what is there of lines that will not go on.
    func finish(line: (LogLine) throws -> Void) rethrows {
        try joiner.finish(at: .now, line)
    }

    private func next() throws(SystemError) -> LogRecord? {
        while true {
            if let file {
                if let record = try file.next() { return note(record) }
                if isCurrent, try hasName(file) { return nil }
                // It is complete since it lost its name, which may have been after we read its last record.
                if let record = try file.next() { return note(record) }
            }
            guard try openNext() else { return nil }
        }
    }

    private func note(_ record: LogRecord) -> LogRecord {
        if let expected, record.first > expected {
            lost = LostLines(
                time: record.time, first: expected, count: record.first - expected,
                reason: "they were removed, or damaged on disk, before they could be read")
        }
        // A part of a line that ends later has no number yet in files of the driver json-file.
        if record.lines > 0 { expected = record.next }
        return record
    }

    /// Whether the file is still the one being written.
    private func hasName(_ file: LogFileReader) throws(SystemError) -> Bool {
        guard let current = try? FileStatus.ofLink(path(LogFileName(instance, file.kind))) else {
            // Between two names, or removed with its stack.
            return try LogFileName.setAside(in: directory, of: instance).allSatisfy {
                ($0.generation ?? 0) < generation
            }
        }
        return try file.status().isSameFile(as: current)
    }

    private func path(_ name: LogFileName) -> String { "\(directory)/\(name.text)" }

    /// Goes on to the file that follows, or to the first one.
    ///
    /// - Returns: false where there is none yet.
    private func openNext() throws(SystemError) -> Bool {
        // Files are set aside, compressed and removed meanwhile: then the next look finds them.
        for _ in 0..<64 {
            let later = try LogFileName.setAside(in: directory, of: instance).filter {
                ($0.generation ?? 0) > generation
            }
            if let name = later.first {
                guard try open(name) else { continue }
                return true
            }
            for kind in LogFileName.Kind.allCases {
                guard let file = try? FileDescriptor.open(path(LogFileName(instance, kind)), .noFollow),
                    let reader = try LogFileReader(file, kind)
                else { continue }
                let others = try LogFileName.setAside(in: directory, of: instance)
                let newest = others.last?.generation ?? 0
                // Something was set aside between the look and the opening: that comes first.
                if newest > generation { break }
                let opened = reader.header?.generation ?? max(newest, generation) + 1
                // The instance was removed with its files, and made anew: its numbers begin anew.
                if opened <= generation { (firstWanted, expected) = (0, nil) }
                generation = opened
                self.file = reader
                isCurrent = true
                return true
            }
            if (try LogFileName.setAside(in: directory, of: instance).last?.generation ?? 0) <= generation {
                return false
            }
        }
        return false
    }

    /// Opens a file that was set aside.
    ///
    /// - Returns: false where it is gone.
    private func open(_ name: LogFileName) throws(SystemError) -> Bool {
        guard let found = try? FileDescriptor.open(path(name), .noFollow) else {
            // Pruned meanwhile, or compressed: the next look tells.
            return false
        }
        generation = name.generation ?? generation
        isCurrent = false
        let plain = name.isCompressed ? try Compression.unpack(found) : found
        file = try LogFileReader(plain, name.kind)
        return file != nil
    }
}

extension LogReader {
    /// Begins so that `lines` whole lines at least lie ahead, or with the oldest record kept; nothing that was last written
    /// before `begin` is looked at.
    ///
    /// - Returns: whether it begins with the oldest one that there is.
    func start(lines: Int?, since begin: WallTime?) throws(SystemError) -> Bool {
        restart()
        var files: [(name: LogFileName, file: LogFileReader)] = []
        var ahead = 0
        // Lines that end in the files looked at, and begin in one before them.
        var cut = OpenLines()
        var isOldest = true
        var names = try LogFileName.setAside(in: directory, of: instance)
        names += LogFileName.Kind.allCases.map { LogFileName(instance, $0) }
        for name in names.reversed() {
            if let lines, ahead >= lines, cut.isEmpty {
                isOldest = false
                break
            }
            guard let found = try? FileDescriptor.open(path(name), .noFollow) else { continue }
            if let begin, try found.status().modified.wallTime < begin {
                isOldest = false
                break
            }
            let plain = name.isCompressed ? try Compression.unpack(found) : found
            guard let file = try LogFileReader(plain, name.kind) else { continue }
            if let lines {
                let found = try file.seekBack(lines: max(lines - ahead, 1), closing: cut)
                ahead += found.lines
                cut = found.cut
            }
            if file.offset > file.start { isOldest = false }
            files.append((name, file))
        }
        guard let first = files.last else { return true }
        file = first.file
        isCurrent = first.name.generation == nil
        generation =
            first.name.generation ?? first.file.header?.generation ?? (names.compactMap(\.generation).max() ?? 0) + 1
        return isOldest
    }

    /// Begins `count` lines that `isWanted` before the end so far, or with the oldest one kept.
    func start(
        last count: Int, since begin: WallTime?, _ isWanted: (LogLine) -> Bool
    ) throws(SystemError) {
        var lines = max(count, 1)
        while true {
            let isOldest = try start(lines: lines, since: begin)
            let (firstFile, firstOffset) = (file, file?.offset ?? 0)
            let (firstGeneration, wasCurrent) = (generation, isCurrent)
            // The numbers of the last lines wanted, in a ring.
            var numbers: [UInt64] = []
            var wanted = 0
            while try advance() {
                takePending { line in
                    guard isWanted(line) else { return }
                    if count > 0 {
                        if numbers.count < count {
                            numbers.append(line.number)
                        } else {
                            numbers[wanted % count] = line.number
                        }
                    }
                    wanted += 1
                } lost: { _ in
                }
            }
            guard wanted >= count || isOldest else {
                lines = lines.multipliedReportingOverflow(by: 4).overflow ? .max : lines * 4
                continue
            }
            let next = expected ?? 0
            restart()
            (file, generation, isCurrent) = (firstFile, firstGeneration, wasCurrent)
            firstFile?.seek(to: firstOffset)
            firstWanted = count == 0 ? next : wanted <= count ? 0 : numbers[wanted % count]
            return
        }
    }

    private func restart() {
        file = nil
        generation = 0
        isCurrent = false
        expected = nil
        firstWanted = 0
        lost = nil
        pending = nil
        joiner = LineJoiner()
    }
}
