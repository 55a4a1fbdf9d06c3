extension Service {
    /// What its instances' state machines go by.
    var rules: InstanceMachine.Rules {
        InstanceMachine.Rules(
            restart: restart, stopGracePeriod: stopGracePeriod,
            hasPreStopHooks: !hooks.preStop.isEmpty,
            hasPostStartHooks: !hooks.postStart.isEmpty)
    }
}
