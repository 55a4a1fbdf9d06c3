/// Who makes a container's cgroups.
public enum CgroupManager: Hashable, Sendable {
    /// Gocker itself, by making directories.
    case gocker
    /// The service manager, which is asked for a scope. See `SystemdScope`.
    case systemd
    /// The container is in its maker's.
    case nobody
}
