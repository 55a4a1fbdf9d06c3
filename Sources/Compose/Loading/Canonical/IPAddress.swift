/// Whether a text is an IP address, version 4 or 6, in its usual spelling.
enum IPAddress {
    static func isValid(_ text: String) -> Bool {
        text.contains(":") ? isVersion6(text) : isVersion4(text)
    }

    private static func isVersion4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard part.utf8.allSatisfy(\.isDigit), let number = Int(part), number <= 255 else { return false }
                return part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0")
            }
    }

    private static func isVersion6(_ text: String) -> Bool {
        var groups = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard groups.count >= 3, groups.count <= 9 else { return false }
        // "::" stands for zeros once; at an end it leaves two empty parts.
        if groups[0].isEmpty {
            guard groups[1].isEmpty else { return false }
            groups.removeFirst()
        }
        if groups[groups.count - 1].isEmpty {
            guard groups[groups.count - 2].isEmpty else { return false }
            groups.removeLast()
        }
        var length = 0
        if let last = groups.last, last.contains(".") {
            guard isVersion4(last) else { return false }
            groups.removeLast()
            length = 2
        }
        let gaps = groups.filter(\.isEmpty).count
        length += groups.count - gaps
        guard gaps <= 1, gaps == 1 ? length < 8 : length == 8 else { return false }
        return groups.allSatisfy { $0.utf8.count <= 4 && ($0.isEmpty || UInt16($0, radix: 16) != nil) }
    }
}
