internal import Linux

/// Whether a path exists in the service.
final class FileProbe: Probe {
    private let path: String
    private let target: ProbeTarget

    init(_ path: String, _ target: ProbeTarget) {
        self.path = path
        self.target = target
    }

    func begin(_ waiter: ProbeWaiter) -> ProbeOutcome? {
        do {
            _ = try target.open(path)
            return .succeeded
        } catch {
            return .failed("\(path): \(error.errno)")
        }
    }

    func proceed(_ source: UInt8, _ waiter: ProbeWaiter) -> ProbeOutcome? { nil }

    func abandon(_ waiter: ProbeWaiter) -> [UInt8] { [] }
}
