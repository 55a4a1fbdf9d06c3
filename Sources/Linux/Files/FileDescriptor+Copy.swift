internal import CLinux

extension FileDescriptor {
    /// Copies files, directories and links in this directory to `destination`, with owners and permissions. What is
    /// neither is left out. Nothing is followed.
    public func copyEntries(to destination: borrowing FileDescriptor) throws(SystemError) {
        for text in try entries() {
            let name = PathBytes(text)
            let status = try status(of: name)
            switch status.kind {
            case .directory:
                try destination.makeDirectory(name, mode: status.mode)
                let copy = try destination.open(name, .directory)
                try open(name, .directory).copyEntries(to: copy)
            case .regular:
                let source = try open(name, .read)
                let copy = try destination.open(name, [.write, .create, .exclusive], mode: status.mode)
                while case .bytes(let bytes) = try source.read(upTo: 65536) { try copy.writeAll(bytes) }
            case .symbolicLink:
                try destination.makeSymbolicLink(name, to: try linkTarget(of: name))
            case .fifo, .socket, .characterDevice, .blockDevice, .unknown: continue
            }
            try destination.setOwner(of: name, status.owner, group: status.group)
            // Again: a change of owner takes set-user-id away.
            if status.kind != .symbolicLink { try destination.setMode(of: name, status.mode) }
        }
    }
}
