import Glibc
import Linux
import Synchronization

/// A thread that exchanges two names, again and again, as fast as it can. See renameat2(2), RENAME_EXCHANGE.
final class Swapper: Sendable {
    private let isStopped = Atomic(false)
    private let first: String
    private let second: String
    private let thread = Mutex<pthread_t>(pthread_t())

    init(directory: String, first: String, second: String) throws {
        self.first = "\(directory)/\(first)"
        self.second = "\(directory)/\(second)"
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Swapper>.fromOpaque(argument).takeRetainedValue().swap()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        guard error == 0 else { throw SystemError("pthread_create", "", Errno(rawValue: error)) }
        let started = thread
        self.thread.withLock { $0 = started }
    }

    private func swap() {
        while !isStopped.load(ordering: .relaxed) {
            _ = renameat2(AT_FDCWD, first, AT_FDCWD, second, 2)
        }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        _ = pthread_join(thread.withLock { $0 }, nil)
    }
}
