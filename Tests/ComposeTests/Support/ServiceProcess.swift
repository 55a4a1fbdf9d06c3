import Linux
import OrderedCollections
import Runtime
import Testing

@testable import Compose

/// A process that stands for a service: in a network of its own, and with a directory for its root.
final class ServiceProcess {
    /// What no other root has in it.
    private static let mark = "root-of-the-service"

    let directory: String
    let handle: ProcessHandle
    let target: ProbeTarget

    /// - Parameters:
    ///   - script: what its shell runs, after its network is up.
    ///   - ready: what `ready:` says in its stack file.
    init(_ script: String, ready: String = "{notify: true}") throws {
        directory = "/tmp/gocker-service-\(try randomBytes(8).map { String($0, radix: 16) }.joined())"
        try makeDirectories("\(directory)/bin")
        try readFile("/bin/busybox").withCopy(at: "\(directory)/bin/busybox")
        try [UInt8]().withCopy(at: "\(directory)/\(Self.mark)")
        let text = "services: {web: {rootfs: rootfs, command: sleep 1, network_mode: none, ready: \(ready)}}"
        let service = try #require(load(text).stack?.services.values.first)
        let nothing = try FileDescriptor.open("/dev/null", .readWrite)
        let start = "busybox ifconfig lo up && exec busybox chroot \(directory) /bin/busybox sh -c '\(script)'"
        handle = try spawn(
            executable: try FileDescriptor.open("/bin/busybox"), arguments: ["busybox", "sh", "-c", start],
            environment: ["PATH=/bin:/usr/bin"], namespaces: [.network],
            descriptors: [nothing.number, nothing.number, nothing.number])
        target = try ProbeTarget(
            service, process: handle, cgroup: Cgroup(existing: []),
            surroundings: ProbeSurroundings(layout: CgroupLayout.usable(), runBase: directory))
    }

    deinit {
        try? handle.send(.kill)
        _ = try? handle.wait()
        try? removeTree(directory)
    }

    /// Waits until the shell has its own root.
    func waitForRoot() throws {
        let deadline = MonotonicTime.now + .seconds(20)
        while .now < deadline, (try? target.open(Self.mark)) == nil { try pause() }
    }
}

func pause() throws { _ = try Poller().wait(timeout: .milliseconds(10)) }

extension [UInt8] {
    func withCopy(at path: String) throws {
        try FileDescriptor.open(path, [.write, .create, .exclusive], mode: 0o755).writeAll(self)
    }
}

/// Carries a probe through to its end, or gives it up.
///
/// - Returns: nil where it does not end in time.
func outcome(of probe: any Probe, within timeout: Duration = .seconds(20)) throws -> ProbeOutcome? {
    let room = try WaitingRoom()
    var outcome: ProbeOutcome?
    var waiter: ProbeWaiter?
    waiter = ProbeWaiter(room) { source in
        if let waiter { outcome = outcome ?? probe.proceed(source, waiter) }
    }
    defer {
        waiter?.end()
        waiter = nil
    }
    guard let waiter else { return nil }
    outcome = probe.begin(waiter)
    let deadline = MonotonicTime.now + timeout
    while outcome == nil, .now < deadline {
        _ = try room.poller.wait(timeout: .milliseconds(50))
        try room.serve()
    }
    if outcome == nil { _ = probe.abandon(waiter) }
    return outcome
}
