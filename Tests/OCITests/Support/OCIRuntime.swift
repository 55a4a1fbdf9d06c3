import Linux

/// The runtime under test: the `gocker` that was built, or the program that `GOCKER_OCI_RUNTIME` names.
enum OCIRuntime {
    static let path = environmentVariable("GOCKER_OCI_RUNTIME") ?? "\(TestFiles.binaries)/gocker"
    static let program = Program(path: path)
    static let version = (try? program.run(["--version"]))?.output ?? ""

    /// Whether containers can be made here at all.
    static let isUsable = TestFiles.isRoot && TestFiles.busybox != nil
    static let reason = "containers need root and a static busybox"
}
