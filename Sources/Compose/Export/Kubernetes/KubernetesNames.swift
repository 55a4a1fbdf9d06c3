/// What the parts of a stack are called in Kubernetes.
///
/// A name there is a label of DNS (RFC 1035): lower-case letters, digits and `-`. Stack files allow more, so capitals are
/// lowered, and `_` and `.` become `-`; where that makes two names one, or none, it is an error.
struct KubernetesNames {
    /// All that is made of a name has to be 63 bytes at most: this leaves room for what we put before it, and Kubernetes
    /// behind it.
    static let longest = 50

    private(set) var services: [String: String] = [:]
    /// Of volumes, configs, secrets and networks: by `KIND/KEY`.
    private var resources: [String: String] = [:]
    /// Where the names of one kind are from.
    private var taken: [String: SourceRange] = [:]

    init(_ model: Node, problems: inout ExportProblems) {
        for (key, entry) in model["services"]?.mapping ?? Mapping() {
            guard let name = claim(key, "service \"\(key)\"", at: entry.key, isHost: true, &problems) else { continue }
            services[key] = name
            if name != key {
                problems.warn(
                    "service \"\(key)\" is called \"\(name)\" in Kubernetes, and has to be reached by that name",
                    at: entry.key)
            }
        }
        for kind in ["volumes", "configs", "secrets", "networks"] {
            taken = [:]
            for (key, entry) in model[kind]?.mapping ?? Mapping() {
                resources["\(kind)/\(key)"] = claim(
                    entry.value["name"]?.string ?? key, "the \(kind.dropLast()) \"\(key)\"",
                    at: entry.value["name"]?.place ?? entry.key, isHost: false, &problems)
            }
        }
    }

    /// Nil for one that has been refused, and told about.
    func resource(_ kind: String, _ key: String) -> String? { resources["\(kind)/\(key)"] }

    /// - Parameter isHost: whether others find it in DNS by this name, which has to begin with a letter then.
    private mutating func claim(
        _ text: String, _ what: String, at place: SourceRange, isHost: Bool, _ problems: inout ExportProblems
    ) -> String? {
        guard let name = Self.label(text), name.utf8.count <= Self.longest, !isHost || name.utf8.first?.isLetter == true
        else {
            problems.error(
                "\(what) cannot be called \"\(text)\" in Kubernetes: use at most \(Self.longest) lower-case letters, "
                    + "digits and \"-\", beginning with \(isHost ? "a letter" : "a letter or a digit"), not ending with "
                    + "\"-\"", at: place)
            return nil
        }
        if let other = taken[name] {
            problems.error(
                "\(what) would be called \"\(name)\" in Kubernetes, as the one at \(other) is: rename one of them",
                at: place)
            return nil
        }
        taken[name] = place
        return name
    }

    /// A text as a label of DNS; nil where it cannot be made one.
    static func label(_ text: String) -> String? {
        let name = text.lowercased().replacing("_", with: "-").replacing(".", with: "-")
        guard let first = name.utf8.first, let last = name.utf8.last, isEnd(first), isEnd(last), name.utf8.count <= 63,
            name.utf8.allSatisfy({ isEnd($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        return name
    }

    fileprivate static func isEnd(_ byte: UInt8) -> Bool { byte.isLetter || byte.isDigit }
}

/// What Kubernetes allows in labels and annotations.
enum KubernetesLabel {
    private static let rule =
        "a key has letters, digits, \"-\", \"_\" and \".\", with \"DOMAIN/\" before it, which is not app.kubernetes.io"

    /// `labels` of a stack file as labels, and as annotations where no label may hold such a text.
    static func notes(
        _ table: Node?, _ problems: inout ExportProblems
    ) -> (labels: [String: String], annotations: [String: String]) {
        var labels: [String: String] = [:]
        var annotations: [String: String] = [:]
        for (key, entry) in table?.mapping ?? Mapping() {
            let value = entry.value.scalar?.display ?? ""
            if !isKey(key) || key.hasPrefix("app.kubernetes.io/") {
                problems.refuse("labels", at: entry.key, advice: rule)
            } else if isValue(value) {
                labels[key] = value
            } else {
                problems.warn("\"\(key)\" becomes an annotation: no label may hold such a text", at: entry.key)
                annotations[key] = value
            }
        }
        return (labels, annotations)
    }

    /// `annotations` of a stack file, which may hold any text.
    static func annotations(_ table: Node?, _ problems: inout ExportProblems) -> [String: String] {
        var annotations: [String: String] = [:]
        for (key, entry) in table?.mapping ?? Mapping() {
            if isKey(key) {
                annotations[key] = entry.value.scalar?.display ?? ""
            } else {
                problems.refuse("annotations", at: entry.key, advice: rule)
            }
        }
        return annotations
    }

    /// `[PREFIX/]NAME`, where the prefix is a domain.
    static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, !name.isEmpty, isValue(String(name)) else { return false }
        guard parts.count == 2 else { return true }
        return parts[0].utf8.count <= 253
            && parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                KubernetesNames.label(String(part)) == String(part)
            }
    }

    static func isValue(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return text.utf8.count <= 63 && KubernetesNames.isEnd(first) && KubernetesNames.isEnd(last)
            && text.utf8.allSatisfy { KubernetesNames.isEnd($0) || "-_.".utf8.contains($0) }
    }
}
