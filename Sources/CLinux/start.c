#include "include/CLinux.h"

#include <sys/statfs.h>

/// Ends a program that has no /proc to find processes by, before anything else of it runs.
///
/// Without it every process seems to have ended, so that what runs would be taken away; a program does not know its own
/// arguments; and the Swift runtime aborts before main, with a message that helps nobody.
__attribute__((constructor(101))) static void require_proc(void) {
    struct statfs status;
    if (statfs("/proc", &status) == 0 && status.f_type == PROC_SUPER_MAGIC) return;
    static const char reason[] = ": there is no /proc to find processes by: mount it (mount -t proc proc /proc)\n";
    if (write(2, program_invocation_short_name, strlen(program_invocation_short_name)) < 0) _exit(125);
    if (write(2, reason, sizeof reason - 1) < 0) _exit(125);
    _exit(125);
}
