import Linux

/// Where the tests find and put things.
enum TestFiles {
    /// The programs under test: those of `GOCKER_BIN_DIR`, else the ones built together with the tests.
    static let binaries: String = {
        if let directory = environmentVariable("GOCKER_BIN_DIR") { return directory }
        return parentDirectory(of: (try? readSymbolicLink("/proc/self/exe")) ?? "") ?? "."
    }()

    /// The top of the source tree.
    static let project: String = {
        // Tests/EndToEndTests/Support/TestFiles.swift
        (0..<4).reduce(#filePath) { path, _ in parentDirectory(of: path) ?? "/" }
    }()

    /// What a program under test knows of its surroundings.
    static let environment = [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
        "GOCKER_RUN_DIR=\(binaries)/test-run",
    ]

    /// A root file system of busybox that no test may change.
    static let rootfs: String = {
        let path = "\(binaries)/test-rootfs"
        if (try? FileStatus.of(path)) == nil { _ = try? Program.gocker.run("rootfs", "create", path) }
        return path
    }()

    static let isRoot = effectiveUserID == 0
}

/// A directory of a test's own, removed at its end.
final class TemporaryDirectory {
    let path: String

    init() throws {
        let name = try randomBytes(8).map { String($0, radix: 16) }.joined()
        path = "/tmp/gocker-test-\(name)"
        try makeDirectory(path)
    }

    deinit {
        try? removeTree(path)
    }

    /// Writes a file into it and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try makeDirectories(parentDirectory(of: file) ?? path)
        try FileDescriptor.open(file, [.write, .create, .truncate], mode: 0o644).writeAll(text.utf8)
        return file
    }

    /// A root file system of its own, which it may change.
    func makeRootfs(named name: String = "rootfs") throws -> String {
        let rootfs = "\(path)/\(name)"
        try Program.gocker.run("rootfs", "create", rootfs)
        return rootfs
    }
}

/// What must be the same before and after: the traces a container can leave on a machine.
struct MachineTraces: Equatable {
    let mounts: [String]
    let cgroups: [String]
    let runFiles: [String]

    /// - Parameter prefix: which cgroups to look at, by the beginning of their names.
    init(cgroupPrefix prefix: String, runBase: String = "/run/gocker") throws {
        // Field 5 of each line is where it is mounted. See proc(5).
        mounts = try readText("/proc/self/mountinfo").split(separator: "\n").map { line in
            String(line.split(separator: " ")[4])
        }
        let hierarchies = (try? directoryEntries("/sys/fs/cgroup")) ?? []
        cgroups = (["/sys/fs/cgroup"] + hierarchies.map { "/sys/fs/cgroup/\($0)" }).flatMap { directory in
            ((try? directoryEntries(directory)) ?? []).filter { $0.hasPrefix(prefix) }.map { "\(directory)/\($0)" }
        }.sorted()
        runFiles = ((try? directoryEntries(runBase)) ?? []).sorted()
    }
}
