internal import Linux

/// Cuts a stream of bytes into lines for those who take them one by one, and long ones into parts.
struct LineCutter {
    /// As long as a part is at most; Docker's number.
    static let longestPart = 16384

    private var rest: [UInt8] = []
    /// Whether parts of the line that is open have been passed.
    private var isInLine = false

    /// Passes what is complete by now, each with whether the line goes on.
    mutating func take<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer, Bool) throws(Failure) -> Void
    ) throws(Failure) {
        var start = 0
        while start < bytes.count {
            let room = Self.longestPart - rest.count
            let limit = min(bytes.count, start + room)
            if let end = bytes.firstOffset(of: 0x0A, from: start), end <= limit {
                try pass(bytes.part(start, end), goesOn: false, body)
                start = end + 1
            } else if limit - start == room {
                try pass(bytes.part(start, limit), goesOn: true, body)
                start = limit
            } else {
                rest.append(contentsOf: bytes.part(start, limit))
                start = limit
            }
        }
    }

    /// Passes the begin of a line that will not end.
    mutating func finish<Failure: Error>(
        _ body: (UnsafeRawBufferPointer, Bool) throws(Failure) -> Void
    ) throws(Failure) {
        guard !rest.isEmpty || isInLine else { return }
        try pass(UnsafeRawBufferPointer(start: nil, count: 0), goesOn: false, body)
    }

    /// Forgets the begin of a line whose end is lost.
    mutating func forget() {
        rest = []
        isInLine = false
    }

    private mutating func pass<Failure: Error>(
        _ bytes: UnsafeRawBufferPointer, goesOn: Bool,
        _ body: (UnsafeRawBufferPointer, Bool) throws(Failure) -> Void
    ) throws(Failure) {
        isInLine = goesOn
        guard !rest.isEmpty else { return try body(bytes, goesOn) }
        rest.append(contentsOf: bytes)
        let line = rest
        rest = []
        try line.withBytes { (line) throws(Failure) in try body(line, goesOn) }
    }
}
