/// Reads the canonical text of a stack again, as it is passed between commands and kept on disk.
enum CanonicalStack {
    static func read(_ text: String, project: ProjectName, directory: String) -> Stack? {
        let request = LoadRequest(
            files: ["-"], workingDirectory: directory, projectDirectory: directory, projectName: project.text,
            environment: [:], purpose: .restore)
        return StackLoader(host: TextOnly(text: text)).load(request).stack
    }

    /// There is nothing but the text: it has been checked when it was loaded from its files.
    private struct TextOnly: HostInspector {
        let text: String

        func read(_ path: String, atMost limit: Int) -> Result<[UInt8], FileProblem> { .success(Array(text.utf8)) }
        func kind(ofPath path: String) -> FileKind { .directory }
        func executable(
            _ name: String, searchPath: [String], workingDirectory: String, inRootfs rootfs: String
        ) -> ExecutableLookup { .unknown }
    }
}
