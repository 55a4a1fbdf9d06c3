import Linux

/// Where the tests find and put things.
enum TestFiles {
    /// The programs that were built: those of `GOCKER_BIN_DIR`, else the ones built together with the tests.
    static let binaries: String = {
        if let directory = environmentVariable("GOCKER_BIN_DIR") { return directory }
        return parentDirectory(of: (try? readSymbolicLink("/proc/self/exe")) ?? "") ?? "."
    }()

    /// A busybox of the tests' own: containers share the inode, and a hostile one may reach for it.
    static let busybox: String? = {
        guard let source = ["/bin/busybox", "/usr/bin/busybox"].first(where: { (try? FileStatus.of($0)) != nil }),
            let bytes = try? readFile(source)
        else { return nil }
        let copy = "\(binaries)/oci-busybox"
        return (try? replaceFile(copy, with: bytes, mode: 0o755)) == nil ? nil : copy
    }()

    static let isRoot = effectiveUserID == 0

    static func randomName() throws -> String {
        try randomBytes(6).map { String($0, radix: 16) }.joined()
    }
}

/// A directory of a test's own, removed at its end.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = "/tmp/gocker-oci-\(try TestFiles.randomName())"
        try makeDirectory(path)
    }

    deinit {
        for mount in Mounts.below(path).reversed() { try? detachMount(mount) }
        try? removeTree(path)
    }

    /// Writes a file into it and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String = "", mode: UInt32 = 0o644) throws -> String {
        let file = "\(path)/\(name)"
        try makeDirectories(parentDirectory(of: file) ?? path)
        try FileDescriptor.open(file, [.write, .create, .truncate], mode: mode).writeAll(text.utf8)
        return file
    }

    /// Makes a directory in it and returns its path.
    @discardableResult
    func makeSubdirectory(_ name: String) throws -> String {
        let directory = "\(path)/\(name)"
        try makeDirectories(directory)
        return directory
    }
}

/// The mounts of the test's own namespace.
enum Mounts {
    /// Where something is mounted below `path`. Field 5 of each line, see proc(5).
    static func below(_ path: String) -> [String] {
        ((try? readText("/proc/self/mountinfo")) ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 && fields[4].hasPrefix("\(path)/") ? String(fields[4]) : nil
        }
    }
}

/// Whether there is anything at `path`, a dangling link included.
func exists(_ path: String) -> Bool {
    (try? FileStatus.ofLink(path)) != nil
}

/// Asks `condition` again and again, until it holds or the time is over.
func eventually(within timeout: Duration = .seconds(10), _ condition: () throws -> Bool) throws -> Bool {
    let deadline = MonotonicTime.now + timeout
    while .now < deadline {
        if try condition() { return true }
        try pause(.milliseconds(10))
    }
    return try condition()
}

/// Lets some time go by.
func pause(_ duration: Duration) throws {
    _ = try Poller().wait(timeout: duration)
}
