internal import Linux
internal import Runtime

/// Mounts that are made before the container is, and attached in it: what they are of cannot be exchanged in between.
final class HeldMounts {
    private(set) var prepared: [PreparedBind] = []

    /// The source of a bind that stands for a copy of the mount that `file` is on, from there on.
    func source(of file: consuming FileDescriptor, named name: String) throws(SystemError) -> String {
        let number = try DetachedMount(copying: file, recursive: true, named: name).intoDescriptor().release()
        let source = "/proc/\(ownProcessID)/fd/\(number)"
        prepared.append(PreparedBind(source: source, descriptor: number))
        return source
    }

    deinit {
        for bind in prepared { _ = FileDescriptor(owning: bind.descriptor) }
    }
}
