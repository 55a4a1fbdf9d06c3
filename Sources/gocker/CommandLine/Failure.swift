internal import Linux

/// An error that ends the program: one sentence, one exit code.
struct Failure: Error {
    /// The code for errors of gocker's own.
    static let ownCode: Int32 = 125

    let message: String
    let exitCode: Int32

    init(_ message: String, exitCode: Int32 = Failure.ownCode) {
        self.message = message
        self.exitCode = exitCode
    }
}
