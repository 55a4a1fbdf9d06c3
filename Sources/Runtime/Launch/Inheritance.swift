internal import Linux

/// The descriptors a new process begins with, in order: the payload's streams, those it keeps beside them, the connection
/// to the parent, and whatever else the program needs.
public struct Inheritance: Sendable {
    /// Become the payload's 0, 1 and 2.
    public var streams: [CInt]
    /// How many of ours from 3 on the payload keeps under the same numbers.
    public let preserved: Int
    private var others: [CInt] = []

    public init(streams: [CInt] = [0, 1, 2], preserved: Int = 0) {
        self.streams = streams
        self.preserved = preserved
    }

    /// Passes one more on.
    ///
    /// - Returns: its number in the new process.
    mutating func add(_ number: CInt) -> CInt {
        others.append(number)
        return InitStage.controlDescriptor(preserving: preserved) + CInt(others.count)
    }

    func descriptors(control: CInt) -> [CInt] {
        var descriptors = streams
        for number in 0..<preserved { descriptors.append(CInt(3 + number)) }
        descriptors.append(control)
        return descriptors + others
    }
}
