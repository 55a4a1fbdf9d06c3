internal import Linux

/// A static busybox of this machine: one program that is a whole userland under many names.
struct Busybox {
    let program: [UInt8]
    /// Where its applets belong, relative to the root: `bin/ls`, `usr/bin/awk`.
    let applets: [String]

    /// Takes the busybox at `path`, or else the first static one in the places where distributions put it.
    static func find(_ path: String?) throws(RootFilesystemError.Reason) -> Busybox {
        if let path { return try Busybox(at: path) }
        var unfit: RootFilesystemError.Reason?
        for place in ["/bin/busybox", "/usr/bin/busybox"] {
            do throws(RootFilesystemError.Reason) {
                return try Busybox(at: place)
            } catch .system(let error) where error.errno == .noSuchFileOrDirectory {
                continue
            } catch {
                unfit = unfit ?? error
            }
        }
        throw unfit ?? .noBusybox
    }

    private init(at path: String) throws(RootFilesystemError.Reason) {
        program = try kernel(try readFile(path))
        switch ExecutableFormat(program) {
        case .staticELF: break
        case .dynamicELF: throw .unfitBusybox(path, "needs shared libraries; apt-get install busybox-static")
        case .other: throw .unfitBusybox(path, "is not an executable program")
        }
        do throws(SystemError) {
            applets = try Self.listApplets(of: path)
        } catch {
            throw .unfitBusybox(path, "cannot be run: \(error.errno)")
        }
        guard !applets.isEmpty else { throw .unfitBusybox(path, "does not list its applets as a busybox does") }
    }

    /// Asks the program itself: which applets it has was decided when it was built.
    private static func listApplets(of path: String) throws(SystemError) -> [String] {
        let program = try FileDescriptor.open(path)
        let null = try FileDescriptor.open("/dev/null", .readWrite)
        let pipe = try Pipe()
        let process = try spawn(
            executable: program, arguments: ["busybox", "--list-full"],
            descriptors: [null.number, pipe.writer.number, null.number])
        // The end of the output is the end of the last writer, and this process is one.
        let reader = pipe.keepingReader()
        let output = Result { () throws(SystemError) in try reader.readAll(limit: 1 << 20) }
        guard try process.wait().isSuccess else { return [] }
        return String(decoding: try output.get(), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
