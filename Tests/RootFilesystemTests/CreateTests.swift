import Linux
import RootFilesystem
import Testing

@Suite("A root file system of busybox")
struct CreateTests {
    @Test("has a shell, the usual directories and accounts, and mount points")
    func content() throws {
        try withTemporaryDirectory { directory throws in
            try RootFilesystem.create(at: "\(directory)/root")
            let names = try listing("\(directory)/root")
            for expected in [
                "dir 755 .", "dir 755 bin", "link bin/sh -> busybox", "link sbin/init -> ../bin/busybox",
                "link usr/bin/env -> ../../bin/busybox", "link usr/sbin/chroot -> ../../bin/busybox",
                "dir 755 proc", "dir 755 sys", "dir 755 dev", "dir 755 run", "dir 1777 tmp", "dir 1777 var/tmp",
                "dir 700 root", "dir 755 home", "file 644 etc/resolv.conf 0", "link var/run -> ../run",
                "link etc/mtab -> ../proc/self/mounts",
            ] {
                #expect(names.contains(expected), "\(expected)")
            }
            #expect(!names.contains { $0.contains("linuxrc") })
            #expect(try readText("\(directory)/root/etc/passwd").hasPrefix("root:x:0:0:root:/root:/bin/sh\n"))
            #expect(try readFile("\(directory)/root/bin/busybox") == readFile("/bin/busybox"))
            #expect(try FileStatus.of("\(directory)/root/usr/bin/env").mode == 0o755)
        }
    }

    @Test("is the same every time")
    func deterministic() throws {
        try withTemporaryDirectory { directory throws in
            for name in ["a", "b"] { try RootFilesystem.create(at: "\(directory)/\(name)") }
            #expect(try listing("\(directory)/a") == listing("\(directory)/b"))
            for path in [".", "etc", "etc/passwd", "bin/sh", "bin/busybox", "usr/bin"] {
                #expect(details("\(directory)/a/\(path)").time == .epoch)
                #expect(details("\(directory)/b/\(path)").time == .epoch)
            }
        }
    }

    @Test("needs a busybox that needs nothing", arguments: ["/bin/ls", "/etc/passwd", "/dev/null", "/nowhere/busybox"])
    func unfit(path: String) throws {
        try withTemporaryDirectory { directory throws in
            let error = #expect(throws: RootFilesystemError.self) {
                try RootFilesystem.create(at: "\(directory)/root", busybox: path)
            }
            switch (path, error?.reason) {
            case ("/bin/ls", .unfitBusybox(path, "needs shared libraries; apt-get install busybox-static")): break
            case ("/etc/passwd", .unfitBusybox(path, "is not an executable program")): break
            case ("/dev/null", .unfitBusybox(path, "is not an executable program")): break
            case ("/nowhere/busybox", .system): break
            default: Issue.record("\(path): \(String(describing: error))")
            }
            #expect(try directoryEntries(directory).isEmpty)
        }
    }

    @Test("is refused where there is something")
    func occupied() throws {
        try withTemporaryDirectory { directory throws in
            try write("\(directory)/mine", [1])
            let error = #expect(throws: RootFilesystemError.self) { try RootFilesystem.create(at: directory) }
            #expect(error?.description == "create a root file system: \(directory) exists and is not empty")
            #expect(try directoryEntries(directory) == ["mine"])
        }
    }
}
