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

    /// The new process tells the parent of itself, whose child it is, too; this one is done.
    func fork() throws(SystemError) {
        guard try !forkSibling() else { exitImmediately(0) }
        try control.send(try ProcessHandle(opening: ownProcessID).descriptor, kind: ControlMessage.forkedMark)
    }
}
