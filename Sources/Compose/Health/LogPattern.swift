internal import Linux

/// What the log of a service is looked through for: an extended regular expression, as `grep -E` understands it.
enum LogPattern {
    /// What is wrong with a pattern; nil where nothing is.
    static func problem(in text: String) -> String? {
        if text.isEmpty { return "it is empty; name a text that the service prints when it is ready" }
        guard text.utf8.count <= 1_000 else { return "it has more than 1000 bytes" }
        if text.utf8.contains(0) { return "it has a NUL byte in it" }
        // Elsewhere they mean a digit, and here they would mean the letter.
        if let escape = ["\\d", "\\D"].first(where: { text.contains($0) }) {
            return "\(escape) means nothing in it; write [0-9] or [^0-9]"
        }
        guard repetitions(in: text) <= 1_000 else { return "it repeats more than 1000 times what it repeats" }
        do {
            _ = try RegularExpression(text)
            return nil
        } catch {
            return error.reason
        }
    }

    /// How large the counts of a pattern make it at most: the C library writes a part that is repeated out.
    private static func repetitions(in text: String) -> Int {
        var product = 1
        for part in text.split(separator: "{").dropFirst() {
            let bounds = part.prefix { $0 != "}" }.split(separator: ",").compactMap { Int($0) }
            product = min(product * max(1, bounds.max() ?? 1), 1_000_000)
        }
        return product
    }
}
