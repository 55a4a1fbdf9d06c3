internal import JSON

/// Writes diagnostics for programs.
public enum DiagnosticRecords {
    /// A JSON array with an object for each diagnostic: `severity`, `message`, `file`, `line`, `column`, `endLine`,
    /// `endColumn`, `suggestion` and `notes`; what does not apply is left out.
    public static func json(_ diagnostics: [Diagnostic]) -> String {
        JSONWriter.pretty(.array(diagnostics.map(record)))
    }

    private static func record(_ diagnostic: Diagnostic) -> JSONValue {
        var entries: [(key: String, value: JSONValue)] = [
            ("severity", .string(diagnostic.severity.rawValue)), ("message", .string(diagnostic.message)),
        ]
        entries += place(diagnostic.place)
        if let suggestion = diagnostic.suggestion { entries.append(("suggestion", .string(suggestion))) }
        if !diagnostic.notes.isEmpty {
            let notes = diagnostic.notes.map { JSONValue.object([("message", .string($0.message))] + place($0.place)) }
            entries.append(("notes", .array(notes)))
        }
        return .object(entries)
    }

    private static func place(_ range: SourceRange?) -> [(key: String, value: JSONValue)] {
        guard let range else { return [] }
        return [
            ("file", .string(range.file.name)), ("line", .integer(Int64(range.start.line))),
            ("column", .integer(Int64(range.start.column))), ("endLine", .integer(Int64(range.end.line))),
            ("endColumn", .integer(Int64(range.end.column))),
        ]
    }

    /// A log in the Static Analysis Results Interchange Format, version 2.1.0, as code hosts take it.
    public static func sarif(_ diagnostics: [Diagnostic], toolVersion: String) -> String {
        let driver: JSONValue = ["name": "gocker-compose", "version": .string(toolVersion), "rules": []]
        let run: JSONValue = [
            "tool": ["driver": driver],
            "columnKind": "unicodeCodePoints",
            "results": .array(diagnostics.map(result)),
        ]
        return JSONWriter.pretty([
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run],
        ])
    }

    private static func result(_ diagnostic: Diagnostic) -> JSONValue {
        var entries: [(key: String, value: JSONValue)] = [
            ("level", .string(diagnostic.severity.rawValue)), ("message", ["text": .string(diagnostic.summary)]),
        ]
        if let place = diagnostic.place { entries.append(("locations", [location(place, nil)])) }
        if !diagnostic.notes.isEmpty {
            let related = diagnostic.notes.map { location($0.place, $0.message) }
            entries.append(("relatedLocations", .array(related)))
        }
        return .object(entries)
    }

    private static func location(_ range: SourceRange, _ message: String?) -> JSONValue {
        let region: JSONValue = [
            "startLine": .integer(Int64(range.start.line)), "startColumn": .integer(Int64(range.start.column)),
            "endLine": .integer(Int64(range.end.line)), "endColumn": .integer(Int64(range.end.column)),
        ]
        let physical: JSONValue = ["artifactLocation": ["uri": .string(range.file.name)], "region": region]
        guard let message else { return ["physicalLocation": physical] }
        return ["physicalLocation": physical, "message": ["text": .string(message)]]
    }
}
