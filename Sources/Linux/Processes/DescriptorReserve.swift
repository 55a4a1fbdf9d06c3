internal import CLinux

/// Makes `spawn` independent of how many descriptors the process has open: a few low numbers are set aside, and a child's
/// table ends behind them. For a process of one thread that starts many others. See close_range(2), CLOSE_RANGE_UNSHARE.
public func reserveDescriptorsForChildren() throws(SystemError) {
    try system("reserve", "descriptors") { clinux_reserve_descriptors() }
}
