/// How a value came to be what it is, latest step first: a linked list, so that a value which is passed on unchanged
/// shares the history of where it came from.
final class History: Sendable {
    enum Step: Sendable {
        /// The value was taken from an anchor, by an alias or a merge key here.
        case alias(String, SourceRange)

        /// The value replaced, or was added to, one that was set here.
        case overrides(SourceRange)

        /// The value came through `extends` here.
        case extends(String, SourceRange)

        /// The file that sets it was included here.
        case include(SourceRange)

        /// A variable was put in, which had this value for this reason.
        case variable(String, VariableOrigin?)

        /// The value came from an env file.
        case envFile(SourceRange)

        /// Nobody set it: it is what the specification says where nothing is set.
        case defaulted
    }

    let step: Step
    let earlier: History?

    init(_ step: Step, after earlier: History?) {
        self.step = step
        self.earlier = earlier
    }
}

extension Node {
    /// The same value, having come one step further.
    func through(_ step: History.Step) -> Node {
        with(History(step, after: history))
    }
}
