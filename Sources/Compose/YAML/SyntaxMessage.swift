/// libyaml's findings in the words of somebody who writes stack files.
enum SyntaxMessage {
    static func text(for error: SyntaxError, in file: SourceFile) -> String {
        let line = Array(file.line(error.place.line).unicodeScalars)
        let column = error.place.column - 1
        let character = line.indices.contains(column) ? line[column] : nil

        switch error.problem {
        case "found character that cannot start any token" where character == "\t",
            "found a tab character where an indentation space is expected",
            "found a tab character that violates indentation":
            return "a tab is used for indentation, where YAML allows only spaces"
        case "found character that cannot start any token":
            guard let character else { break }
            return "a value cannot start with \"\(character)\" unless it is quoted"
        case "mapping values are not allowed in this context":
            return "a \":\" is not expected here: quote the value if it belongs to it, or check the indentation"
        case "found unexpected ':'":
            return "a \":\" needs a space behind it, or quotes around the text that it is in"
        case "could not find expected ':'":
            return "a key without a \":\" behind it"
        case "did not find expected key":
            return "expected a key with the indentation of the ones before"
        case "did not find expected '-' indicator":
            return "expected a \"- \" item with the indentation of the ones before"
        case "found unexpected end of stream" where error.context?.contains("quoted scalar") == true:
            return "a quoted text that does not end"
        case "did not find expected ',' or ']'":
            return "expected a \",\" or a \"]\""
        case "did not find expected ',' or '}'":
            return "expected a \",\" or a \"}\""
        case "exceeded maximum depth", "exceeded max nesting":
            return "lists and mappings are nested too deeply"
        default: break
        }
        guard let context = error.context, !context.isEmpty else { return error.problem }
        return "\(error.problem) \(context)"
    }
}
