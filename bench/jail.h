/// The jail that the floors of the measurements make: private mounts, a root of its own, /proc. No limits, no capabilities,
/// no /dev, no error messages worth the name.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int must(long result, const char *what) {
    if (result >= 0) return (int)result;
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    _exit(125);
}

static void enter(const char *root) {
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private");
    must(mount(root, root, NULL, MS_BIND | MS_REC, NULL), "bind the root");
    must(chdir(root), "chdir to the root");
    must(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "mount /proc");
    // Both on the same place: the old root ends up on top of the new one, and goes.
    must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    must(umount2(".", MNT_DETACH), "unmount the old root");
}

/// Starts `command` in it.
static pid_t start_in(const char *root, char **command) {
    struct clone_args clone = {
        .flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP,
        .exit_signal = SIGCHLD,
    };
    pid_t child = (pid_t)syscall(SYS_clone3, &clone, sizeof clone);
    must(child, "clone3");
    if (child == 0) {
        enter(root);
        char *environment[] = {"PATH=/bin", NULL};
        execve(command[0], command, environment);
        must(-1, "execve");
    }
    return child;
}
