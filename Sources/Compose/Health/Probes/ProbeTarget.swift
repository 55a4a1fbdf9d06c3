internal import Linux
internal import Runtime

/// One run of a service, as probes reach it: by its first process.
final class ProbeTarget {
    let service: Service
    let process: ProcessHandle
    /// What a command in it needs.
    let cgroup: Cgroup
    let surroundings: ProbeSurroundings

    /// - Parameter process: the first process, which runs.
    init(
        _ service: Service, process: borrowing ProcessHandle, cgroup: Cgroup, surroundings: ProbeSurroundings
    ) throws(SystemError) {
        self.service = service
        self.process = try process.duplicate()
        self.cgroup = cgroup
        self.surroundings = surroundings
    }

    /// A socket for TCP in the service's network.
    func tcpSocket(for endpoint: Endpoint) throws(SystemError) -> FileDescriptor {
        switch service.network {
        case .host: try FileDescriptor.tcpSocket(for: endpoint.address)
        case .none, .service:
            try FileDescriptor.tcpSocket(
                for: endpoint.address, inNetworkOf: process, home: surroundings.networkNamespace)
        }
    }

    /// Names a file of the service, as the service itself would find it.
    func open(_ path: String) throws(SystemError) -> FileDescriptor {
        let root = try FileDescriptor.open("/proc/\(process.processID)/root", [.path, .directory])
        // What was opened is the service's only if the number was still its own by then.
        guard process.hasItsNumber else { throw SystemError("open", path, .noSuchProcess) }
        return try root.openInRoot(path)
    }
}

/// What all probes of a supervisor share.
final class ProbeSurroundings {
    let networkNamespace: FileDescriptor
    let layout: CgroupLayout
    /// Where compiled system call filters are kept.
    let runBase: String

    init(layout: CgroupLayout, runBase: String) throws(SystemError) {
        networkNamespace = try FileDescriptor.ownNetworkNamespace()
        self.layout = layout
        self.runBase = runBase
    }
}
