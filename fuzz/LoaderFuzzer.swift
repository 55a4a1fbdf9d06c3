internal import Compose

// Any bytes are a stack or a message: never a crash, never a hang. And what is printed of a stack is the same stack again.

/// A machine with one file of any bytes.
private struct BytesHost: HostInspector {
    let bytes: [UInt8]

    func read(_ path: String, atMost limit: Int) -> Result<[UInt8], FileProblem> {
        path.hasSuffix("/stack.yaml") ? .success(bytes) : .failure(.absent)
    }
    func kind(ofPath path: String) -> FileKind { .directory }
    func executable(
        _ name: String, searchPath: [String], workingDirectory: String, inRootfs rootfs: String
    ) -> ExecutableLookup { .found }
}

private func load(_ bytes: [UInt8], _ purpose: LoadRequest.Purpose) -> LoadResult {
    var request = LoadRequest(files: ["stack.yaml"], workingDirectory: "/", projectName: "a", purpose: purpose)
    request.isLinted = true
    return StackLoader(host: BytesHost(bytes: bytes)).load(request)
}

/// The entry point that libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    for purpose in [LoadRequest.Purpose.show, .run] {
        let result = load(bytes, purpose)
        precondition(result.hasErrors || result.document != nil, "neither a stack nor a problem")
        _ = DiagnosticRenderer(colour: true).render(result.diagnostics)
        _ = DiagnosticRecords.sarif(result.diagnostics, toolVersion: "0")
        guard let document = result.document else { continue }
        _ = document.json()
        for service in document.services { _ = document.explain(service) }
        if let stack = result.stack {
            precondition(load(Array(stack.canonicalYAML.utf8), .restore).stack == stack, "a stack cannot be restored")
        }
        // Printing says what is implied; what has been said once stays as it is.
        guard let again = load(Array(document.yaml().utf8), .show).document else { continue }
        let twice = load(Array(again.yaml().utf8), .show).document
        precondition(twice?.yaml() == again.yaml(), "what is printed is another stack")
    }
    return 0
}

/// libFuzzer's own loop. See its FuzzerInterface.h.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the package manager makes the program's `main`: the one of libFuzzer is left out for it.
@_cdecl("fuzz_loader_main")
public func fuzzLoaderMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments) { testOneInput($0, $1) }
}
