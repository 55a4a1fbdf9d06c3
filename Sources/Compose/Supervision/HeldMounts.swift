internal import Linux
internal import Runtime

/// Mounts that are made before the container is, and attached in it: what they are of cannot be exchanged in between.
final class HeldMounts {
    private(set) var prepared: [PreparedBind] = []
    /// What keeps mounts from being unmounted.
    private var kept: [CInt] = []

    /// The source of a bind that stands for a copy of the mount that `file` is on, from there on.
    func source(of file: consuming FileDescriptor, named name: String) throws(SystemError) -> String {
        let number = try DetachedMount(copying: file, recursive: true, named: name).intoDescriptor().release()
        let source = "/proc/\(ownProcessID)/fd/\(number)"
        prepared.append(PreparedBind(source: source, descriptor: number))
        return source
    }

    func keep(_ file: consuming FileDescriptor) { kept.append(file.release()) }

    deinit {
        for number in prepared.map(\.descriptor) + kept { _ = FileDescriptor(owning: number) }
    }
}
