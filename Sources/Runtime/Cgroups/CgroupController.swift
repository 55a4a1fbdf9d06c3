/// A kernel controller that limits something. See cgroups(7).
public enum CgroupController: String, CaseIterable, Hashable, Sendable {
    case cpu
    case memory
    case pids
}
