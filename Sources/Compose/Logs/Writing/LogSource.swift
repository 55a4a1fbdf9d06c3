/// Whose output is kept: an instance of a service, or a one-off container of it.
struct LogSource: Hashable, Sendable, CustomStringConvertible {
    /// For example `web-1`.
    let description: String
    let service: ServiceName

    init(_ name: String, of service: ServiceName) {
        description = name
        self.service = service
    }

    init(_ instance: InstanceName) {
        self.init("\(instance)", of: instance.service)
    }
}
