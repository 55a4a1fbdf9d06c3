internal import CLinux

/// Runs one system call and captures its errno before anything else can run.
///
/// Reference counting, string building or a `defer` between a call and the reading of `errno` may overwrite it, so
/// this is the only place where `errno` is read. It is never inlined: the optimiser cannot move anything in between.
@inline(never)
private func capture<Value: FixedWidthInteger>(_ body: () -> Value) -> (value: Value, errno: CInt) {
    let value = body()
    return (value, clinux_errno())
}

/// Runs a system call that returns -1 on failure, again if a signal interrupted it.
///
/// - Throws: `SystemError` naming `call` and `subject`.
@discardableResult
func system<Value: FixedWidthInteger>(
    _ call: String, _ subject: @autoclosure () -> String = "", _ body: () -> Value
) throws(SystemError) -> Value {
    while true {
        let result = capture(body)
        if result.value != -1 { return result.value }
        if result.errno == EINTR { continue }
        throw SystemError(call, subject(), Errno(rawValue: result.errno))
    }
}

/// Runs a system call once and returns its error number where it failed: for calls whose failure is an answer.
func attempt<Value: FixedWidthInteger>(_ body: () -> Value) -> Result<Value, Errno> {
    let result = capture(body)
    return result.value == -1 ? .failure(Errno(rawValue: result.errno)) : .success(result.value)
}

extension Errno: Error {}
