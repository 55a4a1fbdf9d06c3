import Glibc
import Linux

/// Runs `body` where the kernel is as old as the oldest that Gocker runs on, as far as the calls go that it has another
/// way without: for the processes that `body` starts, mount_setattr(2) is not there and close_range(2) knows no flags.
func onOlderKernel<Value>(_ body: @escaping () throws -> Value) throws -> Value {
    try filtered(by: olderKernelFilter, body)
}

/// Runs `body` where a filter keeps clone3(2) from the processes that it starts, as in a build of Docker's.
func withoutClone3<Value>(_ body: @escaping () throws -> Value) throws -> Value {
    try filtered(by: clone3Filter, body)
}

private func filtered<Value>(by filter: [UInt8], _ body: @escaping () throws -> Value) throws -> Value {
    var result: Result<Value, any Error>?
    // A filter stays for good, and so it is put on a thread of its own.
    try runOnThread {
        result = Result {
            try installSystemCallFilter(filter, flags: 0)
            return try body()
        }
    }
    guard let result else { throw SystemError("run", "thread", .cancelled) }
    return try result.get()
}

private final class Work {
    let body: () -> Void

    init(_ body: @escaping () -> Void) {
        self.body = body
    }
}

private func runOnThread(_ body: @escaping () -> Void) throws(SystemError) {
    var thread = pthread_t()
    let error = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Work(body)).toOpaque())
    guard error == 0 else { throw SystemError("pthread_create", "", Errno(rawValue: error)) }
    pthread_join(thread, nil)
}

// The calls have the same number on all architectures.
private let load: UInt16 = 0x20
private let jumpIfEqual: UInt16 = 0x15
private let jumpIfSet: UInt16 = 0x45
private let giveBack: UInt16 = 0x06
private let number: UInt32 = 0
private let thirdArgument: UInt32 = 32
private let error: UInt32 = 0x0005_0000  // SECCOMP_RET_ERRNO
private let allow: UInt32 = 0x7FFF_0000

private var clone3Filter: [UInt8] {
    assembled([
        (load, 0, 0, number),
        (jumpIfEqual, 0, 1, 435),  // clone3
        (giveBack, 0, 0, error | UInt32(ENOSYS)),
        (giveBack, 0, 0, allow),
    ])
}

private var olderKernelFilter: [UInt8] {
    assembled([
        (load, 0, 0, number),
        (jumpIfEqual, 4, 0, 442),  // mount_setattr
        (jumpIfEqual, 0, 2, 436),  // close_range
        (load, 0, 0, thirdArgument),
        (jumpIfSet, 2, 0, 4),  // CLOSE_RANGE_CLOEXEC
        (giveBack, 0, 0, allow),
        (giveBack, 0, 0, error | UInt32(ENOSYS)),
        (giveBack, 0, 0, error | UInt32(EINVAL)),
    ])
}

/// `struct sock_filter` after `struct sock_filter`.
private func assembled(_ program: [(code: UInt16, ifTrue: UInt8, ifFalse: UInt8, k: UInt32)]) -> [UInt8] {
    program.flatMap { instruction in
        withUnsafeBytes(of: instruction.code) { Array($0) } + [instruction.ifTrue, instruction.ifFalse]
            + withUnsafeBytes(of: instruction.k) { Array($0) }
    }
}
