extension Load {
    /// Reads a file, or tells why it cannot be read: at the place that names it, if a file does.
    mutating func read(_ path: String, named name: String, at place: SourceRange? = nil) -> SourceFile? {
        switch host.read(path, atMost: YAMLLimits.bytes) {
        case .success(let bytes) where bytes.count <= YAMLLimits.bytes:
            budget.bytes -= bytes.count
            guard budget.bytes >= 0 else {
                problems.error("more than 256 MiB of files belong to this stack", at: place)
                return nil
            }
            return SourceFile(name: name, path: path, bytes: bytes)
        case .success, .failure(.tooLarge):
            problems.error("\(name): longer than \(YAMLLimits.bytes >> 20) MiB, which no stack file is", at: place)
        case .failure(.absent):
            problems.error("\(name): no such file", at: place)
        case .failure(.isDirectory):
            problems.error("\(name): is a directory, not a file", at: place)
        case .failure(.failed(let reason)):
            problems.error("\(name): \(reason)", at: place)
        }
        return nil
    }

    /// The documents of a file that are mappings, as all of them have to be.
    mutating func decode(_ file: SourceFile) -> [Document] {
        let errors = problems.found.count
        let roots = DocumentReader.read(file, limits: &budget.yaml, problems: &problems)
        if roots.allSatisfy(\.isNull), problems.found.count == errors {
            problems.error("the file is empty: a stack needs \"services\"", at: file.place)
        }
        return roots.compactMap { root in
            if root.mapping != nil { return Document(file: file, root: root) }
            if !root.isNull, !root.isInvalid {
                problems.error("a stack file is a mapping with \"services\", found \(root.kindName)", at: root.place)
            }
            return nil
        }
    }
}

extension SourceFile {
    /// The very beginning, for what is about the file as a whole.
    var place: SourceRange {
        let start = SourceLocation(line: 1, column: 1)
        return SourceRange(file: self, start: start, end: start)
    }
}
