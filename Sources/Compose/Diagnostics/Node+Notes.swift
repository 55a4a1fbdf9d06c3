extension Node {
    /// The other places that have to do with this value: what it stands in for, and the way that it took.
    var notes: [Diagnostic.Note] {
        var notes: [Diagnostic.Note] = []
        var next = history
        while let history = next, notes.count < 4 {
            switch history.step {
            case .overrides(let place):
                notes.append(Diagnostic.Note(message: "it overrides what is set here", place: place))
            case .alias(let name, let place):
                notes.append(Diagnostic.Note(message: "it comes through the alias *\(name)", place: place))
            case .extends(let service, let place):
                notes.append(Diagnostic.Note(message: "service \"\(service)\" takes it over here", place: place))
            case .variable(let name, .file(let place)?):
                notes.append(Diagnostic.Note(message: "the variable \(name) is set here", place: place))
            case .include, .variable, .envFile, .defaulted:
                break
            }
            next = history.earlier
        }
        return notes
    }
}
