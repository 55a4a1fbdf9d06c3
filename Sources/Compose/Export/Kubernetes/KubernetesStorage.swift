internal import JSON
internal import Linux

extension KubernetesService.Context {
    /// What is asked for where a volume is needed.
    func claim(_ modes: [String]) -> JSONValue {
        let size = options.volumeSize ?? .gibibytes(1)
        return .fields([
            "accessModes": .texts(modes), "storageClassName": options.storageClass.map { .string($0) },
            "resources": ["requests": ["storage": .string(KubernetesQuantity.text(size))]],
        ])
    }
}

/// What outlives pods, or is handed to them: volumes, configs and secrets.
struct KubernetesStorage {
    /// How much an object may hold.
    private static let largest = 1 << 20
    /// How long an object may be for `kubectl apply` to note it down on the object itself.
    private static let noted = 1 << 18

    private let context: KubernetesService.Context
    private(set) var problems: ExportProblems
    private var model: Node { context.document.model }

    init(_ context: KubernetesService.Context, _ problems: ExportProblems) {
        self.context = context
        self.problems = problems
    }

    /// A claim for each volume that is a directory and nobody else's.
    ///
    /// - Parameter users: how many pods use each claim; nil for an unknown number.
    mutating func claims(users: [String: Int?]) -> [KubernetesObject] {
        var objects: [KubernetesObject] = []
        for (key, entry) in (model["volumes"]?.mapping ?? Mapping()).sorted(by: { $0.key < $1.key }) {
            guard let name = context.names.resource("volumes", key), let count = users[name] else { continue }
            if entry.value["external"]?.boolean == true {
                problems.warn("the volume \"\(key)\" is external: the claim \"\(name)\" has to be there", at: entry.key)
                continue
            }
            if context.options.volumeSize == nil {
                problems.warn(
                    "the volume \"\(key)\" is asked to hold 1 GiB, because nothing says more: --volume-size",
                    at: entry.key)
            }
            let isShared = count.map { $0 > 1 } ?? true
            if isShared {
                problems.warn(
                    "the volume \"\(key)\" is used by several pods: its storage class has to know ReadWriteMany",
                    at: entry.key)
            }
            let (labels, annotations) = KubernetesLabel.notes(entry.value["labels"], &problems)
            objects.append(
                KubernetesObject(
                    "PersistentVolumeClaim", "v1",
                    metadata: context.metadata(name, labels: labels, annotations: annotations),
                    ["spec": context.claim([isShared ? "ReadWriteMany" : "ReadWriteOnce"])], at: entry.key))
        }
        return objects
    }

    /// A ConfigMap or a Secret for each config or secret that a service sees, with its content under one key.
    mutating func files(_ kind: String) -> [KubernetesObject] {
        var objects: [KubernetesObject] = []
        for (key, entry) in (model[kind]?.mapping ?? Mapping()).sorted(by: { $0.key < $1.key }) {
            guard let name = context.names.resource(kind, key) else { continue }
            let single = kind.dropLast()
            if entry.value["external"]?.boolean == true {
                problems.warn(
                    "the \(single) \"\(key)\" is external: \"\(name)\" has to be there, with the key "
                        + "\"\(KubernetesService.contentKey)\"", at: entry.key)
                continue
            }
            guard let content = content(of: key, kind) else { continue }
            if content.count > Self.largest {
                problems.error("the \(single) \"\(key)\" is longer than the 1 MiB of Kubernetes", at: entry.value.place)
                continue
            }
            let (labels, annotations) = KubernetesLabel.notes(entry.value["labels"], &problems)
            let metadata = context.metadata(name, labels: labels, annotations: annotations)
            if kind == "configs" {
                objects.append(configMap(metadata, content, at: entry.key))
                warnOfLength(objects.last, "config \"\(key)\"", at: entry.key)
            } else if context.options.includesSecrets {
                objects.append(
                    KubernetesObject(
                        "Secret", "v1", metadata: metadata,
                        ["type": "Opaque", "data": [KubernetesService.contentKey: .string(Base64.text(content))]],
                        at: entry.key))
                warnOfLength(objects.last, "secret \"\(key)\"", at: entry.key)
            } else {
                problems.warn(
                    "the secret \"\(key)\" is not written down: kubectl create secret generic \(name) "
                        + "--from-file=\(KubernetesService.contentKey)=FILE, or export --with-secrets", at: entry.key)
            }
        }
        return objects
    }

    private mutating func warnOfLength(_ object: KubernetesObject?, _ what: String, at place: SourceRange) {
        guard let object, object.json.utf8.count > Self.noted else { return }
        problems.warn("the \(what) is too long for a plain kubectl apply: kubectl apply --server-side", at: place)
    }

    private func configMap(_ metadata: JSONValue, _ content: [UInt8], at place: SourceRange) -> KubernetesObject {
        let isText = String(validating: content, as: UTF8.self)
        let key = KubernetesService.contentKey
        return KubernetesObject(
            "ConfigMap", "v1", metadata: metadata,
            [
                "data": isText.map { [key: .string($0)] },
                "binaryData": isText == nil ? [key: .string(Base64.text(content))] : nil,
            ], at: place)
    }

    /// What has been read of it when the stack was loaded, for the services that see it.
    private func content(of key: String, _ kind: String) -> [UInt8]? {
        for (_, entry) in model["services"]?.mapping ?? Mapping() {
            if let digest = UsedContents.digest(of: key, kind, in: entry.value) {
                return context.document.contents[digest]
            }
        }
        return nil
    }
}

/// See RFC 4648, section 4.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for index in 0..<4 {
                let digit = digits[bits >> (18 - 6 * index) & 63]
                text.append(index <= group.count ? digit : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
