import Compose

/// Says a stack file in Swarm's words, without a machine.
func swarm(
    _ text: String, environment: [String: String] = [:], ignoring ignored: Set<String> = [], writesFiles: Bool = false,
    images: [String: ImageReference] = [:], host: FakeHost = FakeHost()
) -> ExportedStack? {
    let loaded = load(text, environment: environment, purpose: .export, host: host)
    guard let document = loaded.document else { return nil }
    var options = SwarmExport.Options()
    options.ignored = ignored
    options.writesFiles = writesFiles
    return SwarmExport(document, options).stack(images: images)
}

extension ExportedStack {
    /// What there is to tell, without excerpts.
    var messages: [String] { diagnostics.map { "\($0.place.map { "\($0): " } ?? "")\($0.severity): \($0.summary)" } }
}
