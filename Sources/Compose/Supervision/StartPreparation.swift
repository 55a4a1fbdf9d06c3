/// How far an instance is with what precedes its start: volumes that are filled, hooks that are run.
struct StartPreparation {
    /// Whether its next run begins with new volumes of its own.
    var renewsVolumes = false
    /// What lets its volumes begin with what they are to, while it does.
    var filler: VolumeFiller?
    /// Whether the volumes have been seen to for the start that is under way.
    var areVolumesReady = false
    /// How many of the hooks have been dealt with for the start that is under way.
    var hooksDone = 0
    /// Whether the hooks have all been run: they are not run again for as long as the instance is there.
    var isDone = false

    /// The start that was under way is not any more: the next one begins from the beginning.
    mutating func startOver() {
        hooksDone = 0
        areVolumesReady = false
    }
}
