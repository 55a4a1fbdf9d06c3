/// A line and a column in a text, both counted from 1; columns count code points, as editors do.
public struct SourceLocation: Hashable, Sendable, Comparable {
    /// Kept small: every node of a document carries two of these.
    private let packed: UInt64

    /// The line, from 1.
    public var line: Int { Int(packed >> 32) }

    /// The column, from 1.
    public var column: Int { Int(packed & 0xFFFF_FFFF) }

    init(line: Int, column: Int) {
        packed = UInt64(UInt32(clamping: line)) << 32 | UInt64(UInt32(clamping: column))
    }

    /// Earlier in the text is less.
    public static func < (left: SourceLocation, right: SourceLocation) -> Bool { left.packed < right.packed }
}

/// A stretch of text in a file.
public struct SourceRange: Sendable {
    /// The file that the stretch is in.
    public let file: SourceFile

    /// Where it begins.
    public let start: SourceLocation

    /// Just behind its last character.
    public let end: SourceLocation
}

extension SourceRange: Equatable {
    /// The same stretch of the same file as read once.
    public static func == (left: SourceRange, right: SourceRange) -> Bool {
        left.file === right.file && left.start == right.start && left.end == right.end
    }
}

extension SourceRange: CustomStringConvertible {
    /// For example `stack.yaml:7:5`.
    public var description: String { "\(file.name):\(start.line):\(start.column)" }
}
