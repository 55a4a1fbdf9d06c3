import Linux
import RootFilesystem
import Testing

@Suite("The directory is complete or absent", .enabled(if: effectiveUserID == 0))
struct StagedDirectoryTests {
    static let archive = Tar.archive { $0.add("file", .regular, [1]) }

    /// Imports into `path`, with the archive beside it, and returns the reason of the failure.
    private func reason(in directory: String, to path: String) throws -> RootFilesystemError.Reason? {
        try write("\(directory)/archive", Self.archive)
        let error = #expect(throws: RootFilesystemError.self) {
            try RootFilesystem.importArchive(from: .file("\(directory)/archive"), to: path)
        }
        return error?.reason
    }

    @Test("one with something in it is refused and untouched")
    func occupied() throws {
        try withTemporaryDirectory { directory throws in
            try makeDirectory("\(directory)/root")
            try write("\(directory)/root/precious", [1])
            #expect(
                try reason(in: directory, to: "\(directory)/root") == .directoryNotEmpty("\(directory)/root"))
            #expect(try directoryEntries("\(directory)/root") == ["precious"])
            #expect(try directoryEntries(directory).sorted() == ["archive", "root"])
        }
    }

    @Test("an empty one is replaced")
    func empty() throws {
        try withTemporaryDirectory { directory throws in
            try makeDirectory("\(directory)/root", mode: 0o700)
            try write("\(directory)/archive", Self.archive)
            try RootFilesystem.importArchive(from: .file("\(directory)/archive"), to: "\(directory)/root/")
            #expect(try listing("\(directory)/root") == ["dir 755 .", "file 644 file 1"])
        }
    }

    @Test("a file, a link and a dangling link in its place are refused and untouched")
    func others() throws {
        try withTemporaryDirectory { directory throws in
            try write("\(directory)/file", [1])
            try makeDirectory("\(directory)/elsewhere")
            let parent = try FileDescriptor.open(directory, .directory)
            try parent.makeSymbolicLink("link", to: "elsewhere")
            try parent.makeSymbolicLink("dangling", to: "nowhere")
            for name in ["file", "link", "dangling"] {
                let path = "\(directory)/\(name)"
                #expect(try reason(in: directory, to: path) == .notADirectory(path))
            }
            #expect(try directoryEntries("\(directory)/elsewhere").isEmpty)
        }
    }

    @Test("a place that cannot be made is named")
    func impossible() throws {
        try withTemporaryDirectory { directory throws in
            #expect(
                try reason(in: directory, to: "\(directory)/a/b") == .directoryHasNoParent("\(directory)/a"))
            for path in ["", "/", ".", "..", "\(directory)/.", "\(directory)/.."] {
                #expect(try reason(in: directory, to: path) == .directoryUnnamed(path))
            }
        }
    }

    @Test("a cancelled import leaves nothing")
    func cancelled() throws {
        try withTemporaryDirectory { directory throws in
            try write("\(directory)/archive", Self.archive)
            let pipe = try Pipe()
            try pipe.writer.writeAll([1])
            let error = #expect(throws: RootFilesystemError.self) {
                try RootFilesystem.importArchive(
                    from: .file("\(directory)/archive"), to: "\(directory)/root", cancellation: pipe.reader.number)
            }
            #expect(error?.reason == .cancelled)
            #expect(try directoryEntries(directory) == ["archive"])
        }
    }

    @Test("an import is cancelled half-way, and while a pipe is silent")
    func cancelledInside() throws {
        try withTemporaryDirectory { directory throws in
            let input = try Pipe()
            let cancellation = try Pipe()
            // The pipe stays open: after the first entries there is no more to read, and no end.
            try input.writer.writeAll(Self.archive[..<1024])
            let error = #expect(throws: RootFilesystemError.self) {
                try RootFilesystem.importArchive(
                    from: .file("/proc/self/fd/\(input.reader.number)"), to: "\(directory)/root",
                    cancellation: cancellation.reader.number,
                    progress: { _ in try? cancellation.writer.writeAll([1]) })
            }
            #expect(error?.reason == .cancelled)
            #expect(try directoryEntries(directory).isEmpty)
            _ = input.writer.number
        }
    }

    @Test("an archive comes through a pipe")
    func pipe() throws {
        try withTemporaryDirectory { directory throws in
            let pipe = try Pipe()
            try pipe.writer.writeAll(Compression.gzip.compress(Self.archive))
            // The end of a pipe is the end of its last writer.
            let input = pipe.keepingReader()
            let result = try RootFilesystem.importArchive(
                from: .file("/proc/self/fd/\(input.number)"), to: "\(directory)/root")
            #expect(result.entries == 1 && result.size == nil)
            #expect(try listing("\(directory)/root") == ["dir 755 .", "file 644 file 1"])
        }
    }

    @Test("a directory, a missing file and a terminal are no archives")
    func inputs() throws {
        func reason(_ source: String) -> RootFilesystemError.Reason? {
            #expect(throws: RootFilesystemError.self) {
                try RootFilesystem.importArchive(from: .file(source), to: "/tmp/gocker-nothing")
            }?.reason
        }
        #expect(reason("/etc") == .inputIsDirectory)
        #expect(reason("/dev/ptmx") == .inputIsTerminal)
        #expect(reason("/nowhere") == .system(SystemError("open", "", .noSuchFileOrDirectory)))
    }

    @Test("a full disk is reported with the entry, and is empty again")
    func fullDisk() throws {
        try withTemporaryDirectory { directory throws in
            let disk = try temporaryFileSystem(size: "64k")
            let path = "/proc/self/fd/\(disk.number)"
            try write(
                "\(directory)/archive",
                Tar.archive { tar in
                    tar.add("small", .regular, [1])
                    tar.add("d/big", .regular, [UInt8](repeating: 1, count: 200_000))
                })
            let error = #expect(throws: RootFilesystemError.self) {
                try RootFilesystem.importArchive(from: .file("\(directory)/archive"), to: "\(path)/root")
            }
            #expect(error?.reason == .entry(PathBytes("d/big"), .system(SystemError("write", "", .noSpace))))
            #expect(try directoryEntries(path).isEmpty)
        }
    }
}
