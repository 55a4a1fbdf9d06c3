internal import Linux
internal import Runtime

/// What there is of an instance from the begin of its start until nothing of it is left.
struct InstanceRun {
    let container: Container
    let cgroup: Cgroup
    let identity: ProcessIdentity?
    /// Which of the hooks before its start it is of; nil where it is of the service itself.
    let hook: Int?
    /// Whether the init stage has said what became of the set-up.
    var isSetUp = false
    /// When the payload began to run.
    var startedAt: MonotonicTime?
    var isPaused = false
    /// Why the start is given up though the payload runs already.
    var failure: String?
    /// What is kept until the payload runs.
    var held: HeldMounts?
}
