internal import Linux
internal import OrderedCollections

/// Which services and instances of a stack there are logs of, and which there are none of that can be read.
public struct LogSources {
    private let directory: StackDirectory
    private let services: OrderedDictionary<ServiceName, Service>
    private let instances: Set<String>

    public init(_ directory: StackDirectory) {
        self.directory = directory
        let state = StackState(directory)
        let stack = state?.definition.flatMap {
            CanonicalStack.read($0, project: directory.project, directory: state?.directory ?? "/")
        }
        services = stack?.services ?? [:]
        var names = Set(state?.instances.compactMap(\.instance?.description) ?? [])
        for entry in (try? directoryEntries(directory.logs)) ?? [] {
            if let name = LogFileName(entry)?.instance { names.insert(name) }
        }
        instances = names
    }

    private var names: Set<String> {
        Set(services.keys.map(\.text)).union(instances.map { LogQuery.parts(of: $0).service })
    }

    /// Whether there is a service or an instance of the name.
    public func has(_ name: String) -> Bool { names.contains(name) || instances.contains(name) }

    public func nearest(to name: String) -> String? { NearestName.find(name, among: names.sorted()) }

    /// What there is to say of services whose lines cannot be shown, a sentence each.
    ///
    /// - Parameter wanted: services or instances; none for all.
    public func unreadable(_ wanted: [String]) -> [String] {
        services.values.compactMap { service in
            let isWanted =
                wanted.isEmpty || wanted.contains(service.name.text)
                || wanted.contains { LogQuery.parts(of: $0).service == service.name.text }
            guard isWanted else { return nil }
            let begin = "\(service.name): its logging driver \"\(service.logging.driverName)\""
            return switch service.logging.driver {
            case .local, .jsonFile: nil
            case .journald: "\(begin) cannot be read back here; see journalctl GOCKER_SERVICE=\(service.name)"
            case .syslog: "\(begin) cannot be read back; see the system log that it goes to"
            case .none: "\(begin) keeps nothing"
            }
        }
    }
}
