/// A text that was read: a stack file, an env file. Every place that a diagnostic names is in one.
public final class SourceFile: Sendable {
    /// The file as its user knows it, e.g. `stack.yaml` or `../common/base.yaml`.
    public let name: String

    /// The absolute path of the file, or of where it would be if it had come from one.
    public let path: String

    /// The contents, without a byte order mark.
    let bytes: [UInt8]

    /// Where each line begins in `bytes`. There is always at least one line.
    private let lineStarts: [Int]

    /// - Parameter path: the absolute path; the directory of the file is what relative paths in it may start from.
    public init(name: String, path: String, bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        self.name = name
        self.path = path
        self.bytes = text
        self.lineStarts = Self.lineStarts(in: text)
    }

    /// A file whose contents are at hand as text.
    public convenience init(name: String, path: String, text: String) {
        self.init(name: name, path: path, bytes: Array(text.utf8))
    }

    /// The directory that the file is in.
    var directory: String { Path.directory(of: path) }
}

extension SourceFile {
    /// The text of a line, counted from 1, without its line break. Bytes that are not UTF-8 show as U+FFFD.
    func line(_ number: Int) -> String {
        guard number >= 1, number <= lineStarts.count else { return "" }
        let start = lineStarts[number - 1]
        let end = number < lineStarts.count ? lineStarts[number] : bytes.count
        var text = String.UnicodeScalarView(String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars)
        while let last = text.last, Self.breaks.contains(last) { text.removeLast() }
        return String(text)
    }

    /// The place of a byte, in lines and columns.
    func location(ofByte offset: Int) -> SourceLocation {
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        let before = String(decoding: bytes[lineStarts[low]..<min(offset, bytes.count)], as: UTF8.self)
        return SourceLocation(line: low + 1, column: before.unicodeScalars.count + 1)
    }

    private static let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]

    /// YAML 1.1, which libyaml reads, breaks lines at CR, LF, CR LF, NEL, LS and PS. Lines have to be counted as the
    /// parser counts them, or excerpts would show another line than the one meant.
    private static func lineStarts(in bytes: [UInt8]) -> [Int] {
        bytes.withUnsafeBufferPointer { bytes in
            var starts = [0]
            var index = 0
            while index < bytes.count {
                let length: Int
                switch bytes[index] {
                case 0x0A: length = 1
                case 0x0D: length = index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
                case 0xC2 where index + 1 < bytes.count && bytes[index + 1] == 0x85: length = 2
                case 0xE2
                where index + 2 < bytes.count && bytes[index + 1] == 0x80
                    && (bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9):
                    length = 3
                default: length = 0
                }
                if length > 0 {
                    index += length
                    starts.append(index)
                } else {
                    index += 1
                }
            }
            return starts
        }
    }
}
