internal import CLinux

/// A regular expression over bytes, whatever they are: an extended one of POSIX. See regex(7).
public final class BytePattern {
    /// An expression that is none.
    public struct Failure: Error, CustomStringConvertible {
        /// The C library's words, e.g. `Unmatched ( or \(`.
        public let description: String
    }

    private let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    private let isCompiled: Bool

    public init(_ text: String) throws(Failure) {
        compiled.initialize(to: regex_t())
        let code = regcomp(compiled, text, CInt(REG_EXTENDED | REG_NOSUB | REG_NEWLINE))
        isCompiled = code == 0
        guard !isCompiled else { return }
        var message = [CChar](repeating: 0, count: 256)
        regerror(code, compiled, &message, message.count)
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw Failure(description: text)
    }

    deinit {
        if isCompiled { regfree(compiled) }
        compiled.deallocate()
    }

    /// Whether it is found anywhere in `text`.
    public func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        // REG_STARTEND takes the text's bounds from here: it may hold zeros, and does not end with one.
        var range = regmatch_t(rm_so: 0, rm_eo: regoff_t(clamping: text.count))
        let begin = text.baseAddress?.assumingMemoryBound(to: CChar.self) ?? clinux_empty_text()
        return regexec(compiled, begin, 1, &range, CInt(REG_STARTEND)) == 0
    }
}
