import Linux
import RootFilesystem
import Testing

/// Imports an archive into a new directory and hands its path to `check`.
func importing(_ archive: [UInt8], _ check: (String) throws -> Void = { _ in }) throws {
    try withTemporaryDirectory { directory throws in
        try write("\(directory)/archive", archive)
        try RootFilesystem.importArchive(from: .file("\(directory)/archive"), to: "\(directory)/root")
        try #require(try directoryEntries(directory).sorted() == ["archive", "root"])
        try check("\(directory)/root")
    }
}

/// Imports an archive that is to be refused, checks that nothing is left of it, and returns the reason.
func refusal(
    of archive: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
) throws -> RootFilesystemError.Reason? {
    try withTemporaryDirectory { directory throws in
        try write("\(directory)/archive", archive)
        let error = #expect(throws: RootFilesystemError.self, sourceLocation: sourceLocation) {
            try RootFilesystem.importArchive(from: .file("\(directory)/archive"), to: "\(directory)/root")
        }
        #expect(try directoryEntries(directory) == ["archive"], sourceLocation: sourceLocation)
        return error?.reason
    }
}
