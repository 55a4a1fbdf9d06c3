internal import CLinux

/// Becomes readable when a time of the calendar has come, and when somebody sets the clock: then look what time it is.
/// See timerfd_create(2), TFD_TIMER_CANCEL_ON_SET.
public struct WallClockTimer: ~Copyable {
    public let descriptor: FileDescriptor

    public init() throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try system("timerfd_create") {
                timerfd_create(CLOCK_REALTIME, CInt(TFD_CLOEXEC) | CInt(TFD_NONBLOCK))
            })
    }

    /// Waits for `time` in place of what was waited for; for nothing where it is nil.
    public func arm(_ time: WallTime?) throws(SystemError) {
        var value = itimerspec()
        if let time {
            // All zero would disarm it.
            let nanoseconds = max(1, time.nanosecondsSinceEpoch)
            value.it_value.tv_sec = time_t(nanoseconds / 1_000_000_000)
            value.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        }
        let flags = CInt(TFD_TIMER_ABSTIME) | CInt(TFD_TIMER_CANCEL_ON_SET)
        try system("timerfd_settime") { timerfd_settime(descriptor.number, time == nil ? 0 : flags, &value, nil) }
    }

    /// Takes note that it was readable, so that it is quiet again.
    public func drain() {
        // ECANCELED: the clock was set.
        _ = try? descriptor.read(upTo: 8)
    }
}
