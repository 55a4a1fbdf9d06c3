/// The numbers of the calling thread's children, also of those that have ended and are still to be reaped. See proc(5),
/// `/proc/PID/task/TID/children`.
public var ownChildren: [Int32] {
    let text = (try? readText("/proc/thread-self/children")) ?? ""
    return text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
}
