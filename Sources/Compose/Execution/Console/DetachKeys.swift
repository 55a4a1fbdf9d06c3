/// Tells, among the keys that are typed, those that leave a service alone again: `ctrl-p,ctrl-q`.
public struct DetachKeys: Sendable {
    private let keys: [UInt8]
    /// How many of them have been typed one after the other.
    private var matched = 0

    public static let standard = "ctrl-p,ctrl-q"

    /// Reads keys with commas in between: single characters, and `ctrl-` with a letter or one of `@[\]^_`.
    ///
    /// - Returns: nil for anything else.
    public init?(_ text: String) {
        var keys: [UInt8] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            let bytes = Array(name.utf8)
            if bytes.count == 1 {
                keys.append(bytes[0])
            } else if bytes.count == 6, name.lowercased().hasPrefix("ctrl-"), let letter = name.uppercased().utf8.last,
                (0x40...0x5F).contains(letter)
            {
                keys.append(letter & 0x1F)
            } else {
                return nil
            }
        }
        self.keys = keys
    }

    /// - Returns: what of `typed`, and of what was held back before, is for the service, and whether to leave it alone.
    public mutating func take(_ typed: [UInt8]) -> (passed: [UInt8], isOver: Bool) {
        var passed: [UInt8] = []
        for key in typed {
            if key == keys[matched] {
                matched += 1
                if matched == keys.count { return (passed, true) }
                continue
            }
            // What was held back was meant for the service after all.
            passed += keys[..<matched]
            matched = 0
            if key == keys[0] { matched = 1 } else { passed.append(key) }
            if matched == keys.count { return (passed, true) }
        }
        return (passed, false)
    }
}
