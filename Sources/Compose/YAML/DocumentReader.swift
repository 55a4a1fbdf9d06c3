/// Reads a file into documents: libyaml's events into nodes with places, anchors resolved, merge keys merged.
///
/// It keeps its own stack, so that no input can exhaust the program's.
struct DocumentReader {
    let file: SourceFile
    let limits: YAMLLimits

    private(set) var problems = Problems()
    private var builders: [NodeBuilder] = []
    private var anchors = Anchors()
    private var aliasedValues = 0

    init(_ file: SourceFile, limits: YAMLLimits = YAMLLimits()) {
        self.file = file
        self.limits = limits
    }

    /// The documents of the file, as far as they could be read.
    static func read(_ file: SourceFile, problems: inout Problems) -> [Node] {
        var limits = YAMLLimits()
        return read(file, limits: &limits, problems: &problems)
    }

    /// The same, with what is left of the limits for further files.
    static func read(_ file: SourceFile, limits: inout YAMLLimits, problems: inout Problems) -> [Node] {
        var reader = DocumentReader(file, limits: limits)
        let documents = reader.documents()
        problems.add(reader.problems)
        limits.aliasedValues = max(0, limits.aliasedValues - reader.aliasedValues)
        return documents
    }

    private mutating func documents() -> [Node] {
        if let (message, bytes) = TextCheck.problem(in: file.bytes) {
            let start = file.location(ofByte: bytes.lowerBound)
            problems.error(message, at: range(start, SourceLocation(line: start.line, column: start.column + 1)))
            return []
        }
        var documents: [Node] = []
        let parser = EventParser(file.bytes)
        do {
            while true {
                let event = try parser.next()
                if case .streamEnd = event.kind { return documents }
                if let document = try take(event) { documents.append(document) }
            }
        } catch let error as SyntaxError {
            report(error)
        } catch {
            // A limit, and already told.
        }
        return documents
    }

    /// Takes one event; returns the document that it completes, if it completes one.
    private mutating func take(_ event: Event) throws -> Node? {
        let place = range(event.start, event.end)
        switch event.kind {
        case .documentStart:
            anchors = Anchors()
            return nil
        case .scalar(let text):
            let node = Node(.scalar(scalar(text, at: place)), at: place, mergeTag: mergeTag(text.properties.tag))
            return try finish(NodeBuilder.Finished(node: node, isPlain: text.isPlain), text.properties.anchor)
        case .alias(let name):
            return try finish(NodeBuilder.Finished(try resolve(name, at: place)), nil)
        case .sequenceStart(let properties):
            try open(NodeBuilder(.sequence, at: place, properties))
            return nil
        case .mappingStart(let properties):
            try open(NodeBuilder(.mapping, at: place, properties))
            return nil
        case .sequenceEnd, .mappingEnd:
            guard var builder = builders.popLast() else { return nil }
            let finished = builder.finish(
                at: range(builder.place.start, event.end), mergeTag: mergeTag(builder.properties.tag)
            )
            problems.add(builder.problems)
            return try finish(finished, builder.properties.anchor)
        case .documentEnd, .streamEnd, .other:
            return nil
        }
    }

    private mutating func open(_ builder: NodeBuilder) throws {
        guard builders.count < limits.depth else { throw tooDeep(builder.place) }
        if let anchor = builder.properties.anchor { anchors.open(anchor) }
        reportUnknownTag(builder.properties.tag, at: builder.place)
        builders.append(builder)
    }

    /// Hands a complete value to the collection that it is in; it is the document where there is none.
    private mutating func finish(_ finished: NodeBuilder.Finished, _ anchor: String?) throws -> Node? {
        if let anchor { anchors.close(anchor, finished) }
        guard let last = builders.indices.last else { return finished.node }
        builders[last].add(finished)
        return nil
    }

    private mutating func resolve(_ name: String, at place: SourceRange) throws -> NodeBuilder.Finished {
        switch anchors[name] {
        case nil:
            let suggestion = NearestName.find(name, among: anchors.names)
            problems.error("no anchor \"&\(name)\" before this alias", at: place, suggestion: suggestion)
            return NodeBuilder.Finished(node: Node(.invalid, at: place))
        case .open:
            problems.error("the alias \"*\(name)\" stands inside of what it names, and would never end", at: place)
            throw LimitReached()
        case .closed(var finished):
            aliasedValues += finished.size
            guard aliasedValues <= limits.aliasedValues else {
                let most = Grouped.text(YAMLLimits().aliasedValues)
                problems.error("aliases repeat more than \(most) values", at: place)
                throw LimitReached()
            }
            guard builders.count + finished.height <= limits.depth else { throw tooDeep(place) }
            finished.node = finished.node.through(.alias(name, place))
            finished.isPlain = false
            finished.alias = place
            return finished
        }
    }

    private mutating func tooDeep(_ place: SourceRange) -> LimitReached {
        problems.error("lists and mappings are nested more than \(limits.depth) deep", at: place)
        return LimitReached()
    }

    private mutating func report(_ error: SyntaxError) {
        // libyaml places what is missing at the end of a file behind its last line.
        let place = range(error.place, SourceLocation(line: error.place.line, column: error.place.column + 1))
        var notes: [Diagnostic.Note] = []
        if let start = error.contextPlace, start.line != error.place.line {
            let end = SourceLocation(line: start.line, column: start.column + 1)
            notes.append(Diagnostic.Note(message: "it began here", place: range(start, end)))
        }
        problems.error(SyntaxMessage.text(for: error, in: file), at: place, notes: notes)
    }

    private func range(_ start: SourceLocation, _ end: SourceLocation) -> SourceRange {
        SourceRange(file: file, start: start, end: end)
    }

    /// A limit was reached, and told: the rest of the file is not read.
    private struct LimitReached: Error {}
}

extension DocumentReader {
    private func mergeTag(_ tag: String?) -> Node.MergeTag? {
        switch tag {
        case "!reset": .reset
        case "!override": .override
        default: nil
        }
    }

    private mutating func scalar(_ text: Event.Text, at place: SourceRange) -> Scalar {
        reportUnknownTag(text.properties.tag, at: place)
        guard let tag = text.properties.tag, !["!reset", "!override"].contains(tag) else {
            return Scalar(text.text, text.isPlain ? PlainScalar.kind(of: text.text) : .string)
        }
        // A tag says what a value is; where the text cannot be that, it stays what it is.
        let kind = PlainScalar.kind(of: text.text)
        switch (tag.split(separator: ":").last, kind) {
        case ("int", .integer), ("bool", .boolean), ("null", .null), ("float", .float): return Scalar(text.text, kind)
        case ("float", .integer(let value)): return Scalar(text.text, .float(Double(value)))
        default: return Scalar(text.text)
        }
    }

    private mutating func reportUnknownTag(_ tag: String?, at place: SourceRange) {
        guard let tag, tag != "!", !tag.hasPrefix("tag:yaml.org,2002:") else { return }
        let known = ["!reset", "!override"]
        guard !known.contains(tag) else { return }
        problems.warning("the tag \"\(tag)\" means nothing here; known are !reset and !override", at: place)
    }
}
