/// Where a container is in its life. See the runtime specification, "State".
public enum ContainerStatus: String, Hashable, Sendable {
    case creating
    case created
    case running
    case paused
    case stopped
}
