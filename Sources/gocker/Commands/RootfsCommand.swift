internal import Linux
internal import Manual
internal import RootFilesystem

/// `gocker rootfs`: makes root file systems.
enum RootfsCommand {
    static func run(_ words: [String]) throws -> Int32 {
        let rest = Array(words.dropFirst())
        switch words.first {
        case "create":
            guard rest.count == 1, !rest[0].hasPrefix("-") else {
                throw UsageError("rootfs create: expected one directory, e.g. gocker rootfs create rootfs")
            }
            return try create(at: rest[0])
        case "import":
            guard rest.count == 2 else {
                throw UsageError("rootfs import: expected an archive (or -) and a directory")
            }
            return try importArchive(rest[0], to: rest[1])
        case "--help", "-h":
            writeLine(help, to: .standardOutput)
            return 0
        case nil:
            throw UsageError("rootfs: expected create or import")
        case .some(let word):
            throw UsageError("rootfs: unknown command \"\(word)\": expected create or import")
        }
    }

    private static func create(at directory: String) throws -> Int32 {
        do {
            try RootFilesystem.create(at: directory)
        } catch {
            throw Failure("\(error)")
        }
        writeLine("\(directory) is ready; try: gocker run --rootfs \(directory) /bin/sh", to: .standardError)
        return 0
    }

    private static func importArchive(_ source: String, to directory: String) throws -> Int32 {
        let progress = ImportScreen()
        // Stopped half-way, the import takes back what it has made, and then we end as the signal meant.
        let signals = try SignalQueue([.interrupt, .terminate, .hangUp])
        do {
            let result = try RootFilesystem.importArchive(
                from: ArchiveSource(argument: source), to: directory, cancellation: signals.descriptor.number,
                progress: progress.show)
            progress.clear()
            writeLine("\(directory) is ready: \(result.entries) entries, \(result.written).", to: .standardError)
            return 0
        } catch {
            progress.clear()
            if let signal = try signals.next() { return 128 + signal.rawValue }
            throw Failure("\(error)")
        }
    }

    private static var help: String { HelpPage.text(page, width: 100) }

    static var page: CommandPage {
        CommandPage(
            "gocker rootfs", abstract: "Make a root file system.",
            discussion: """
                The directory is complete or absent.

                EXAMPLES:
                  gocker rootfs create rootfs
                  docker export $(docker create alpine) | gocker rootfs import - rootfs
                  gocker rootfs import alpine-minirootfs.tar.gz rootfs
                """,
            groups: [
                .init(
                    "COMMANDS",
                    [
                        CommandPage(
                            "gocker rootfs create",
                            abstract: "Make a root file system of this machine's static busybox.",
                            discussion: """
                                Nothing is downloaded.

                                EXAMPLES:
                                  gocker rootfs create rootfs
                                """,
                            operands: [.init("directory", help: "It must not be there yet.", values: .directory)]),
                        CommandPage(
                            "gocker rootfs import", abstract: "Unpack a root file system from an archive.",
                            discussion: """
                                A tar archive, plain or compressed with gzip, bzip2, xz, zstd or lz4: what docker export \
                                writes, or a distribution's mini root file system.

                                EXAMPLES:
                                  docker export $(docker create alpine) | gocker rootfs import - rootfs
                                """,
                            operands: [
                                .init("archive", help: "A file, or - for standard input.", values: .file),
                                .init("directory", help: "It must not be there yet.", values: .directory),
                            ]),
                    ])
            ])
    }
}

/// How far an import is, on one line of a terminal.
private final class ImportScreen {
    private let isShown = isTerminal(OutputStream.standardError.rawValue)
    private var shownAt = MonotonicTime(sinceBoot: .zero)

    func show(_ progress: ImportProgress) {
        guard isShown, .now - shownAt > .milliseconds(100) else { return }
        shownAt = .now
        let share = progress.size.map { " of \($0)" } ?? ""
        write("\r\u{1B}[K\(progress.entries) entries, \(progress.read)\(share) read")
    }

    func clear() {
        if isShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        try? FileDescriptor.duplicate(OutputStream.standardError.rawValue).writeAll(text.utf8)
    }
}
