/// One question to a host. A check only judges: what it knows of the host it is told by a `Host`.
protocol HostCheck: Sendable {
    func findings(on host: some Host) -> [Finding]
}
