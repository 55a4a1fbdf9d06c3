import Compose
import JSON

/// Says a stack file in Kubernetes' words, without a machine.
func kubernetes(
    _ text: String, environment: [String: String] = [:], host: FakeHost = FakeHost(),
    images: [String: ImageReference] = [:], _ change: (inout KubernetesOptions) -> Void = { _ in }
) -> KubernetesExport? {
    let loaded = load(text, environment: environment, purpose: .export, host: host)
    guard let document = loaded.document else { return nil }
    var options = KubernetesOptions()
    change(&options)
    return KubernetesExport(document, options, images: images, host: host)
}

/// One service called `web` with an image, and what else is said of it.
func kubernetes(
    service text: String, rest: String = "", _ change: (inout KubernetesOptions) -> Void = { _ in }
) -> KubernetesExport? {
    kubernetes("name: shop\nservices:\n  web:\n    image: web\n    \(text)\n\(rest)", change)
}

extension KubernetesExport {
    /// What there is to tell, without excerpts.
    var messages: [String] { diagnostics.map { "\($0.place.map { "\($0): " } ?? "")\($0.severity): \($0.summary)" } }

    var names: [String] { objects.map { "\($0.kind) \($0.name)" } }

    /// A part of an object, as JSON on one line: `spec.template.spec.containers.0.image`; nil where it is not there.
    func text(_ kind: String, _ name: String, _ path: String) -> String? {
        guard let object = objects.first(where: { $0.kind == kind && $0.name == name }),
            let body = try? JSONReader.read(Array(object.json.utf8))
        else { return nil }
        let value = path.split(separator: ".").reduce(body) { value, key -> JSONValue? in
            if case .array(let items)? = value {
                return Int(key).flatMap { items.indices.contains($0) ? items[$0] : nil }
            }
            return value?[String(key)]
        }
        return value.map(JSONWriter.compact)
    }

    /// A part of the pods of `web`, whatever makes them.
    func pod(_ path: String) -> String? {
        let workloads = ["Deployment", "StatefulSet", "DaemonSet", "Job"]
        return workloads.lazy.compactMap { text($0, "web", "spec.template.spec.\(path)") }.first
    }

    func container(_ path: String) -> String? { pod("containers.0.\(path)") }
}
