internal import CLinux

/// A POSIX extended regular expression over bytes, compiled once. See regex(7).
///
/// The C library's, because a line is to be looked through in a microsecond: it builds an automaton as it goes, so that
/// no expression without back references takes time that grows faster than the text.
public final class RegularExpression {
    private let compiled: UnsafeMutablePointer<regex_t>

    /// Why an expression is none.
    public struct Failure: Error, Hashable, Sendable {
        /// The C library's words, e.g. `Unmatched [, [^, [:, [., or [=`.
        public let reason: String
    }

    public init(_ pattern: String) throws(Failure) {
        // Not in the property before it is sound: what is complete is taken apart when it fails.
        let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        compiled.initialize(to: regex_t())
        let code = regcomp(compiled, pattern, CInt(REG_EXTENDED | REG_NOSUB))
        guard code == 0 else {
            var text = [CChar](repeating: 0, count: 128)
            regerror(code, compiled, &text, text.count)
            compiled.deallocate()
            throw Failure(
                reason: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        self.compiled = compiled
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    /// The same without a copy.
    public func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        clinux_regex_matches(compiled, bytes.baseAddress, bytes.count) != 0
    }

    /// Whether it matches anywhere in `bytes`, which may be any bytes.
    public func matches(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = ContiguousArray(bytes)
        return bytes.withUnsafeBufferPointer { clinux_regex_matches(compiled, $0.baseAddress, $0.count) != 0 }
    }
}
