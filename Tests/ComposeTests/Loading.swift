import Compose

/// Loads the text of a stack file as `/stacks/stack.yaml`.
func load(
    _ text: String, environment: [String: String] = [:], purpose: LoadRequest.Purpose = .run,
    host: FakeHost = FakeHost()
) -> LoadResult {
    load(["stack.yaml": text], environment: environment, purpose: purpose, host: host)
}

/// Loads several stack files of `/stacks`, in the order of their names.
func load(
    _ files: [String: String], environment: [String: String] = [:], purpose: LoadRequest.Purpose = .run,
    host: FakeHost = FakeHost()
) -> LoadResult {
    var host = host
    for (name, text) in files { host.files["/stacks/\(name)"] = text }
    let request = LoadRequest(
        files: files.keys.sorted(), workingDirectory: "/stacks", environment: environment, purpose: purpose
    )
    return StackLoader(host: host).load(request)
}

/// What the loader says about a text, as a user sees it.
func messages(
    _ text: String, environment: [String: String] = [:], purpose: LoadRequest.Purpose = .run,
    host: FakeHost = FakeHost()
) -> String {
    DiagnosticRenderer().render(load(text, environment: environment, purpose: purpose, host: host).diagnostics)
}

/// What the loader says about a text, without excerpts.
func summaries(
    _ text: String, environment: [String: String] = [:], purpose: LoadRequest.Purpose = .run,
    host: FakeHost = FakeHost()
) -> [String] {
    load(text, environment: environment, purpose: purpose, host: host).diagnostics.map { diagnostic in
        (diagnostic.place.map { "\($0): " } ?? "") + diagnostic.summary
    }
}
