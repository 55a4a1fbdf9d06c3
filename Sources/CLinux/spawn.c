#include "include/CLinux.h"

#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/// Numbers that stand for nothing, where the descriptors for a child are put while it is cloned. See
/// `clinux_reserve_descriptors`.
enum { RESERVED = 12, LOWEST_RESERVED = 16 };
static struct {
    int numbers[RESERVED];
    int end;
} reserve;

int clinux_reserve_descriptors(void) {
    if (reserve.end > 0) return 0;
    int nothing = open("/", O_PATH | O_CLOEXEC);
    if (nothing < 0) return -1;
    int end = 0;
    for (int i = 0; i < RESERVED; i++) {
        int number = fcntl(nothing, F_DUPFD_CLOEXEC, LOWEST_RESERVED);
        if (number < 0) {
            while (i-- > 0) close(reserve.numbers[i]);
            close(nothing);
            return -1;
        }
        reserve.numbers[i] = number;
        if (number >= end) end = number + 1;
    }
    close(nothing);
    reserve.end = end;
    return 0;
}

/// What the child works with. It shares the parent's memory (CLONE_VM, as posix_spawn does) until it executes, while
/// the parent sleeps (CLONE_VFORK): no page table is copied, and the child's errno simply stays here.
struct child {
    const struct clinux_spawn *spawn;
    const int *descriptors;
    int executable;
    /// Above which nothing is to be seen of the parent's table, which is shared until then; 0 where it is a copy.
    int table_end;
    int error;
};

/// Lets everything of the parent's from `first` on go at the exec, whatever flags it was opened with.
static int close_at_exec(unsigned first, int executable) {
    if (close_range(first, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return 0;
    if (errno != EINVAL) return -1;
    // Before Linux 5.11 there is no such flag, and all goes at once, except what is to be executed. The table of
    // descriptors is the child's own, unlike its memory.
    if (executable < 0) return close_range(first, ~0U, 0);
    unsigned kept = (unsigned)executable;
    if (fcntl(executable, F_SETFD, FD_CLOEXEC) < 0) return -1;
    if (kept > first && close_range(first, kept - 1, 0) < 0) return -1;
    return close_range(kept + 1, ~0U, 0);
}

/// Runs in the child, on its own stack: system calls only.
static void child_main(void *argument) {
    struct child *child = argument;
    const struct clinux_spawn *spawn = child->spawn;
    if (child->table_end > 0 && close_range((unsigned)child->table_end, ~0U, CLOSE_RANGE_UNSHARE) < 0) goto failed;
    for (int target = 0; target < spawn->descriptor_count; target++) {
        // dup2 clears close-on-exec on the target; sources are above all targets, so no source is overwritten, and
        // neither is the executable.
        if (dup2(child->descriptors[target], target) < 0) goto failed;
    }
    if (close_at_exec((unsigned)spawn->descriptor_count, child->executable) < 0) goto failed;
    if (child->executable >= 0) {
        syscall(SYS_execveat, child->executable, "", spawn->arguments, spawn->environment, AT_EMPTY_PATH);
    } else {
        syscall(SYS_execve, spawn->path, spawn->arguments, spawn->environment);
    }
failed:
    child->error = errno;
    _exit(127);
}

/// clone3 with a stack of the child's own, which must not return into the parent's frames. glibc has this as an
/// internal function only.
static long clone3_call(struct clone_args *args, void (*function)(void *), void *argument) {
    long result;
#if defined(__x86_64__)
    register void *function_register __asm__("r12") = (void *)function;
    register void *argument_register __asm__("r13") = argument;
    __asm__ volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov %%r13, %%rdi\n\t"
        "call *%%r12\n\t"
        "hlt\n"
        "1:"
        : "=a"(result)
        : "a"((long)SYS_clone3), "D"(args), "S"(sizeof *args), "r"(function_register), "r"(argument_register)
        : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_clone3;
    register long first __asm__("x0") = (long)args;
    register long second __asm__("x1") = sizeof *args;
    register void *function_register __asm__("x20") = (void *)function;
    register void *argument_register __asm__("x21") = argument;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, xzr\n\t"
        "mov x0, x21\n\t"
        "blr x20\n\t"
        "brk #0\n"
        "1:"
        : "+r"(first)
        : "r"(number), "r"(second), "r"(function_register), "r"(argument_register)
        : "x30", "memory");
    result = first;
#else
#error "clone3_call: this architecture has no implementation"
#endif
    if (result < 0) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

/// The same for glibc's clone.
static int child_of_clone(void *argument) {
    child_main(argument);
    return 127;
}

/// Puts what the child gets where the reserved numbers are.
static int fill_reserve(const struct clinux_spawn *spawn, struct child *child) {
    int count = spawn->descriptor_count;
    // The last one stays what it is.
    if (count + 1 > RESERVED - 1) return 0;
    for (int i = 0; i < count; i++) {
        if (dup3(spawn->descriptors[i], reserve.numbers[i], O_CLOEXEC) < 0) return -1;
    }
    if (spawn->executable >= 0 && dup3(spawn->executable, reserve.numbers[count], O_CLOEXEC) < 0) return -1;
    child->descriptors = reserve.numbers;
    child->executable = spawn->executable >= 0 ? reserve.numbers[count] : -1;
    child->table_end = reserve.end;
    return 0;
}

/// Lets go of it: what a child holds must not be held here.
static void empty_reserve(int count) {
    int nothing = reserve.numbers[RESERVED - 1];
    for (int i = 0; i < count; i++) dup3(nothing, reserve.numbers[i], O_CLOEXEC);
}

int clinux_spawn(const struct clinux_spawn *spawn, int *pidfd) {
    struct child child = {
        .spawn = spawn, .descriptors = spawn->descriptors, .executable = spawn->executable};
    if (reserve.end > 0 && fill_reserve(spawn, &child) < 0) {
        empty_reserve(RESERVED - 1);
        return -1;
    }
    _Alignas(16) char stack[16384];
    struct clone_args args = {
        .flags = spawn->flags | CLONE_VM | CLONE_VFORK | CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
        .pidfd = (uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t)stack,
        .stack_size = sizeof stack,
    };
    if (spawn->cgroup >= 0) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (unsigned)spawn->cgroup;
    }
    if (child.table_end > 0) args.flags |= CLONE_FILES;
    long pid = clone3_call(&args, child_main, &child);
    if (pid < 0 && errno == ENOSYS && spawn->flags == 0 && spawn->cgroup < 0) {
        // A container's filter of system calls may keep clone3 away, as Docker's does in a build: what it is needed for, a
        // container, cannot be made there, but any other process can.
        int flags = (int)(args.flags & ~CLONE_CLEAR_SIGHAND) | SIGCHLD;
        pid = clone(child_of_clone, stack + sizeof stack, flags, &child, pidfd);
    }
    int error = errno;
    if (child.table_end > 0) empty_reserve(spawn->descriptor_count + 1);
    errno = error;
    if (pid < 0) return -1;
    if (child.error == 0) return (int)pid;

    siginfo_t ignored;
    waitid(P_PIDFD, *pidfd, &ignored, WEXITED);
    close(*pidfd);
    errno = child.error;
    return -1;
}

/// Passes signals on to the child and reaps what ends, until the child has ended.
static void act_as_init(pid_t child) {
    sigset_t all;
    sigfillset(&all);
    close_range(3, ~0U, 0);
    for (;;) {
        int signal = sigwaitinfo(&all, NULL);
        if (signal < 0) continue;
        if (signal != SIGCHLD) {
            kill(child, signal);
            continue;
        }
        int status;
        pid_t ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
            if (ended == child) _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        }
    }
}

int clinux_become_init(void) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    pid_t child = fork();
    if (child < 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        return -1;
    }
    if (child > 0) act_as_init(child);
    // A process group of its own, in the foreground of the terminal if there is one: what is typed there concerns it,
    // and must not come twice.
    setpgid(0, 0);
    tcsetpgrp(0, getpid());
    sigprocmask(SIG_SETMASK, &before, NULL);
    return 0;
}

int clinux_fork_sibling(void) {
    // The exit signal is the caller's own, and must be left out.
    struct clone_args args = {.flags = CLONE_PARENT};
    return (int)syscall(SYS_clone3, &args, sizeof args);
}
