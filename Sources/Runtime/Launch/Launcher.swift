public import Linux

/// Starts containers: clones, lets the child execute this binary again as its init stage, and sends it the program.
public enum Launcher {
    /// Begins to start `program` in new `namespaces`.
    ///
    /// - Parameters:
    ///   - cgroup: limits the container from its first instruction on.
    ///   - streams: descriptors that become the payload's 0, 1 and 2.
    /// - Throws: `RuntimeError.setup` where not even the init stage runs. Everything later is reported by
    ///   `Container.waitUntilRunning`.
    public static func start(
        _ program: InitProgram, namespaces: Namespaces, cgroup: Cgroup?, streams: [CInt] = [0, 1, 2]
    ) throws(RuntimeError) -> Container {
        do {
            let executable = try OwnExecutable.open()
            let sockets = try SocketPair()
            let child = sockets.second.number
            // The cgroup namespace is for the child to make, once it is in its cgroups.
            let cloned = namespaces.subtracting(.cgroup)
            let process: ProcessHandle
            if let directory = cgroup?.unifiedDirectory {
                let cgroup = try FileDescriptor.open(directory, [.path, .directory])
                process = try spawn(
                    executable: executable, arguments: [InitStage.name], namespaces: cloned, cgroup: cgroup.number,
                    descriptors: streams + [child])
            } else {
                process = try spawn(
                    executable: executable, arguments: [InitStage.name], namespaces: cloned,
                    descriptors: streams + [child])
            }
            let control = sockets.keepingFirst()
            try control.writeAll(program.wire)
            return Container(process: process, control: control, lastOperation: program.operations.count - 1)
        } catch {
            throw .setup(error)
        }
    }
}
