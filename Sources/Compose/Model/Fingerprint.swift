internal import JSON

/// A digest of everything about a service that matters to a container of it: SHA-256 over its canonical definition, as it
/// is printed, in compact JSON.
///
/// Left out is what a running container does not notice: `depends_on`, `profiles`, `scale`, `deploy.replicas`, `build`
/// and `pull_policy`, as with the Compose tools.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// 64 hexadecimal digits.
    public let description: String

    private static let ignored = ["depends_on", "profiles", "scale", "build", "pull_policy"]

    init(of service: Node) {
        let text = JSONWriter.compact(JSONValue(Self.relevant(service)))
        description = SHA256.hexadecimal(Array(text.utf8))
    }

    /// The definition of a service without what is left out, and without what says nothing: a limit of 0 is none, and is
    /// not printed, so a stack that is read again would differ by it.
    static func relevant(_ service: Node) -> Node {
        Presentation.canonical(service: service).changingMapping { mapping in
            for key in ignored { mapping.remove(key) }
            mapping.modify("deploy") { $0 = $0.changingMapping { $0.remove("replicas") } }
        }
    }
}
