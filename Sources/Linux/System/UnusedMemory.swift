internal import CLinux

/// Gives back to the kernel what the process does not need at the moment: free memory that the allocator keeps, and the
/// pages of the program that are mapped; what is needed of those again is found in the page cache. For after a large piece
/// of work, and before a long sleep. See malloc_trim(3), madvise(2), MADV_DONTNEED.
public func releaseUnusedMemory() {
    clinux_release_memory()
}
