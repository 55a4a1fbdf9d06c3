internal import Linux

extension InitInterpreter {
    func joinNamespaces(_ descriptor: CInt, _ kinds: Namespaces) throws(SystemError) {
        let namespace = FileDescriptor(owning: descriptor)
        do {
            try join(namespace, kinds: kinds)
        } catch {
            throw SystemError("join", "\(kinds) namespace", error.errno)
        }
    }

    mutating func synchronize(_ point: SyncPoint) throws(SystemError) {
        // An ordinary user may write the mappings only of a process that is dumpable. Nobody is in its namespaces yet.
        if point == .mappings { try setDumpable(true) }
        try control.writeAll(ControlMessage.reached(point))
        var size = WireReader(try control.readExactly(4))
        state = try control.readExactly(Int(try size.number(UInt32.self)))
        if point == .mappings { try setDumpable(false) }
    }

    /// The parent learns of the new process, which is its child, too, and reaps this one.
    func fork() throws(SystemError) {
        guard let process = try forkSibling() else { return }
        try control.send(process.descriptor, kind: ControlMessage.forkedMark)
        try control.writeAll(ControlMessage.number(of: process.processID))
        exitImmediately(0)
    }
}
