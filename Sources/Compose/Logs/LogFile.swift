internal import Linux

/// Where the lines of one instance are kept: a file that is set aside when it is full, and the one set aside before.
struct LogFile: ~Copyable {
    /// The size at which a file is set aside. Two of them bound what one instance can fill.
    static let fullAt = ByteCount.mebibytes(10)

    private let path: String
    private var file: FileDescriptor
    private var size: Int64

    init(_ path: String) throws(SystemError) {
        let file = try Self.open(path)
        let status = try file.status()
        self.path = path
        self.file = file
        size = status.size
    }

    /// Adds lines, in one write.
    mutating func append(_ lines: [LogLine]) throws(SystemError) {
        if size >= Self.fullAt.bytes {
            try renameFile(path, to: Self.olderPath(path))
            file = try Self.open(path)
            size = 0
        }
        let bytes = lines.flatMap(\.record)
        try file.writeAll(bytes)
        size += Int64(bytes.count)
    }

    /// Where the full file goes.
    static func olderPath(_ path: String) -> String { path + ".1" }

    private static func open(_ path: String) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(path, [.write, .create, .append, .noFollow], mode: 0o600)
    }
}
