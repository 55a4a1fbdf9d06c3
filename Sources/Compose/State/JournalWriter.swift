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

    /// A journal is written anew at this many times its own compact length.
    private static let growth: Int64 = 4
    private static let leastLength: Int64 = 1 << 18

    init(_ path: String) {
        self.path = path
    }

    /// Whether the next change is better written with all of the rest.
    var wantsAll: Bool {
        isBehind || length > max(Self.leastLength, compactLength * Self.growth)
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
    }

    /// Writes everything anew: beside the old one, which counts until the new one is whole and on the disk.
    mutating func rewrite(_ records: [JournalRecord]) {
        let bytes = records.flatMap(JournalLine.encode)
        let new = path + ".new"
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
