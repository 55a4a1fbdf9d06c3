internal import Linux

extension [Hooks.Hook] {
    /// Runs one after the other in the caller's namespaces.
    func run(_ record: ContainerRecord, _ status: ContainerStatus) throws(LifecycleError) {
        guard !isEmpty else { return }
        let state = record.stateDocument(status)
        for hook in self {
            do {
                try hook.run(state: state)
            } catch {
                throw .hook(SystemError("run hook", error.subject, error.errno))
            }
        }
    }

    /// Runs all of them, also after one that failed, which `warn` is told of.
    func runAll(_ record: ContainerRecord, _ status: ContainerStatus, warn: (String) -> Void) {
        for hook in self {
            do {
                try [hook].run(record, status)
            } catch {
                warn("\(error)")
            }
        }
    }
}
