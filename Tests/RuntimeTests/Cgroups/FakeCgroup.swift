import Linux

@testable import Runtime

/// A directory of plain files in place of a cgroup, removed at the end of the test.
final class FakeCgroup {
    private let path: String
    let cgroup: Cgroup

    init(_ files: [String: String], isUnified: Bool) throws {
        path = "/tmp/gocker-cgroup-\(try randomBytes(8).map { String($0, radix: 16) }.joined())"
        cgroup = Cgroup(existing: [CgroupPlace(mount: path, path: "", isUnified: isUnified)])
        try makeDirectory(path)
        for (name, text) in files {
            try FileDescriptor.open("\(path)/\(name)", [.write, .create, .truncate]).writeAll(text.utf8)
        }
    }

    deinit {
        try? removeTree(path)
    }
}
