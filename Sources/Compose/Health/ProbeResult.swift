public import Linux

/// How a test of a service came out.
public struct ProbeOutcome: Hashable, Sendable {
    /// What a test exits with where the service works.
    public static let success: Int32 = 0

    /// In place of an exit code, where the test was not over in time or could not be carried out. As with Docker.
    public static let none: Int32 = -1

    public let exitCode: Int32

    /// What it said, at most `ProbeOutcome.outputLimit` bytes of it; bytes that are no UTF-8 are replaced.
    public let output: String

    /// How much of an output is kept, in bytes; behind that, `...` says that there was more.
    public static let outputLimit = 4096

    public init(exitCode: Int32, output: some Collection<UInt8>) {
        self.exitCode = exitCode
        let kept = String(decoding: output.prefix(Self.outputLimit), as: UTF8.self)
        self.output = output.count > Self.outputLimit ? kept + "..." : kept
    }

    public init(exitCode: Int32, _ text: String) {
        self.init(exitCode: exitCode, output: text.utf8)
    }

    public var isSuccess: Bool { exitCode == Self.success }

    /// The last line of what it said; nil where it said nothing.
    public var lastLine: String? { output.split(separator: "\n").last.map(String.init) }
}

/// A test of a service that is over.
public struct ProbeResult: Hashable, Sendable {
    public let start: WallTime
    public let end: WallTime
    public let outcome: ProbeOutcome
}
