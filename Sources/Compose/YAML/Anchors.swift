/// The anchors of one document so far.
struct Anchors {
    enum State {
        /// The value is still being read: an alias to it would contain itself.
        case open
        case closed(NodeBuilder.Finished)
    }

    private var states: [String: State] = [:]

    var names: some Sequence<String> { states.keys }

    subscript(name: String) -> State? { states[name] }

    mutating func open(_ name: String) { states[name] = .open }

    /// An anchor may be set again; an alias means the last one before it.
    mutating func close(_ name: String, _ value: NodeBuilder.Finished) { states[name] = .closed(value) }
}
