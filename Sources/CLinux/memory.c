#include "include/CLinux.h"

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>

/// Where the program begins, and where its code ends. Set by the linker; see end(3).
extern const char __executable_start[], etext[];

void clinux_release_memory(void) {
    malloc_trim(0);
    // Nothing of it is ever written to: only whole pages between the two, which are the file's.
    uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)__executable_start + size - 1) / size * size;
    uintptr_t end = (uintptr_t)etext / size * size;
    if (end > first) madvise((void *)first, end - first, MADV_DONTNEED);
}
