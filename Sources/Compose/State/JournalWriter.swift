internal import Linux

/// Keeps a stack's state on disk: appends what changes, and now and then writes all of it anew.
///
/// Nothing here can fail: while the disk is full the state on it stays as it was, and everything is written once there
/// is room again.
struct JournalWriter: ~Copyable {
    private let path: String
    private var file: FileDescriptor?
    /// How long the sound part is.
    private var length: Int64 = 0
    /// How long it was when it had been written anew.
    private var compactLength: Int64 = 0
    /// Whether what is on disk lacks something.
    private(set) var isBehind = true
    /// The next one, while it is on its way to the disk.
    private var rewriting: JournalRewriting?
    /// Those that were given up, until their processes have ended.
    private var abandoned: [JournalRewriting] = []
    private let synchronize: JournalRewriting.Synchronizer

    /// A journal is written anew at this many times its own compact length.
    private static let growth: Int64 = 4
    private static let leastLength: Int64 = 1 << 18

    /// - Parameter synchronize: brings a file to the disk, without being waited for.
    init(_ path: String, synchronize: @escaping JournalRewriting.Synchronizer = SynchronizingProcess.start) {
        self.path = path
        self.synchronize = synchronize
    }

    /// Whether it has grown so long that it is better written anew.
    var isLong: Bool {
        rewriting == nil && length > max(Self.leastLength, compactLength * Self.growth)
    }

    /// Adds records.
    mutating func append(_ records: [JournalRecord]) {
        let bytes = records.flatMap(JournalLine.encode)
        switch file {
        case .some(let file):
            do {
                try file.writeAll(bytes, at: length)
                length += Int64(bytes.count)
            } catch {
                // Half of a record must not stand before whole ones.
                try? file.setSize(length)
                isBehind = true
            }
        case nil:
            isBehind = true
        }
        do throws(SystemError) {
            try rewriting?.append(bytes)
        } catch {
            abandonRewriting()
        }
    }

    /// Begins to write everything anew. The old one counts, and grows, until `childHasEnded` finds the new one on the disk.
    mutating func beginRewriting(_ records: [JournalRecord]) {
        abandonRewriting()
        rewriting = try? JournalRewriting(records.flatMap(JournalLine.encode), at: new, synchronize)
        // It is tried again once it has grown as much again.
        if rewriting == nil { compactLength = length }
    }

    /// Takes note of a child that has ended: to be called when one has.
    mutating func childHasEnded() {
        abandoned.removeAll { $0.isOnDisk != nil }
        guard let rewriting, let isOnDisk = rewriting.isOnDisk else { return }
        self.rewriting = nil
        do throws(SystemError) {
            guard isOnDisk else { throw SystemError("fsync", new, .inputOutput) }
            file = try rewriting.replace(path)
            length = rewriting.length
            compactLength = rewriting.compactLength
        } catch {
            rewriting.abandon()
            compactLength = length
        }
    }

    /// Leaves it at the old one.
    mutating func abandonRewriting() {
        guard let rewriting else { return }
        rewriting.abandon()
        abandoned.append(rewriting)
        self.rewriting = nil
    }

    private var new: String { path + ".new" }

    /// Writes everything anew, and waits for the disk: beside the old one, which counts until the new one is whole and
    /// there. To begin with, and where the old one lacks something.
    mutating func rewrite(_ records: [JournalRecord]) {
        abandonRewriting()
        let bytes = records.flatMap(JournalLine.encode)
        do throws(SystemError) {
            let file = try FileDescriptor.open(new, [.write, .create, .truncate, .noFollow])
            try file.writeAll(bytes)
            try file.synchronize()
            try renameFile(new, to: path)
            self.file = consume file
            length = Int64(bytes.count)
            compactLength = length
            isBehind = false
        } catch {
            try? removeFile(new)
            isBehind = true
        }
    }
}
