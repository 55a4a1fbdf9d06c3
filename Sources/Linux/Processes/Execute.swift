internal import CLinux

/// Goes on as another program in this very process: its number, its children and what it has locked stay. Returns only
/// where that failed. See execveat(2).
///
/// - Parameter kept: the descriptors that stay open, beside 0, 1 and 2.
public func execute(
    _ executable: borrowing FileDescriptor, arguments: [String], environment: [String], keeping kept: [CInt]
) throws(SystemError) {
    for number in kept { try system("keep", "descriptor \(number)") { clinux_fcntl(number, F_SETFD, 0) } }
    let arguments = CStringArray(arguments)
    let environment = CStringArray(environment)
    do {
        try system("exec") { clinux_execute(executable.number, arguments.pointer, environment.pointer) }
    } catch {
        for number in kept { _ = clinux_fcntl(number, F_SETFD, FD_CLOEXEC) }
        throw error
    }
}
