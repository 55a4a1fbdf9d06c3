/// What Swift cannot express or cannot see of the kernel's interface. No logic, no policy.
///
/// 1. `_GNU_SOURCE` declarations, which `import Glibc` hides. Modules that import this one must not import Glibc
///    beside it: the same struct seen with and without `_GNU_SOURCE` does not compile.
/// 2. System calls without a wrapper in Debian 12's glibc 2.36: clone3, openat2, pivot_root, bpf, capset, seccomp,
///    sched_setattr, ioprio_set, keyctl.
/// 3. Variadic functions and function-like macros.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <math.h>
#include <poll.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/// errno is a macro.
static inline int clinux_errno(void) { return errno; }

/// What a new process is made of. Everything in it is prepared before the clone.
struct clinux_spawn {
    uint64_t flags;            ///< CLONE_NEW*; signal handlers are always cleared
    int cgroup;                ///< directory of the cgroup v2 to start in, or -1
    int executable;            ///< what to execute, higher than the count of descriptors, or -1 for a path
    const char *path;          ///< what to execute where there is no descriptor
    char *const *arguments;    ///< NULL-terminated
    char *const *environment;  ///< NULL-terminated
    const int *descriptors;    ///< become 0, 1, 2, …; each must be higher than their count
    int descriptor_count;
};

/// Gives the allocator's free memory back, and unmaps the pages of the program's code until they are needed again.
void clinux_release_memory(void);

/// Keeps a few low numbers for what `clinux_spawn` hands on. From then on a child gets a table with only the descriptors
/// below the end of them, where it would otherwise be given a copy of each that is open here, and close it again: with
/// thousands that is most of what a spawn takes. Returns -1 with errno. Not for processes of several threads.
int clinux_reserve_descriptors(void);

/// Clones, places the descriptors and executes. Returns the pid and stores a pidfd, or returns -1 with errno, also
/// where the exec failed (the child has been reaped then). See clone(2), execveat(2).
int clinux_spawn(const struct clinux_spawn *spawn, int *pidfd);

/// Forks. The child returns 0; the parent never returns: it is an init from then on, which passes signals on to the child,
/// reaps what ends, and ends as the child does. Its descriptors from 3 on are closed.
int clinux_become_init(void);

/// clone(2) with CLONE_PARENT: a copy of the calling process, a child of its parent. Returns 0 in the copy, and its pid
/// in the caller. For processes of a single thread.
int clinux_fork_sibling(void);

/// sched_setattr(2) of the calling thread; times are nanoseconds.
int clinux_set_scheduler(unsigned policy, uint64_t flags, int nice, unsigned priority, uint64_t runtime,
                         uint64_t deadline, uint64_t period);

/// ioprio_set(2) of the calling process, and keyctl(2), KEYCTL_JOIN_SESSION_KEYRING.
int clinux_set_io_priority(int value);
int clinux_join_session_keyring(const char *name);

/// openat2(2), with `mode` only where `flags` create something.
int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);

/// execveat(2) of an open file. Returns only where it failed.
int clinux_execute(int executable, char *const arguments[], char *const environment[]);

int clinux_pivot_root(const char *new_root, const char *put_old);

/// Sets all three per-thread capability sets, as bit masks. See capset(2).
int clinux_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable);

/// Installs a system call filter of `count` BPF instructions. See seccomp(2), SECCOMP_SET_MODE_FILTER.
int clinux_set_seccomp_filter(const void *instructions, unsigned short count, unsigned flags);

/// bpf(2) for programs of the type BPF_PROG_TYPE_CGROUP_DEVICE: loads `count` instructions and returns a descriptor;
/// attaches with BPF_F_ALLOW_MULTI, in place of `replaced` where it is not -1; detaches; stores the identifiers of those
/// attached and their number, which comes in as the room there is; opens one by its identifier.
int clinux_load_device_program(const void *instructions, unsigned count);
int clinux_attach_device_program(int cgroup, int program, int replaced);
int clinux_detach_device_program(int cgroup, int program);
int clinux_query_device_programs(int cgroup, uint32_t *identifiers, uint32_t *count);
int clinux_open_bpf_program(uint32_t identifier);

/// clone3(2) and openat2(2) with a structure of no size, which the kernel refuses with EINVAL where it knows the call.
int clinux_probe_clone3(void);
int clinux_probe_openat2(void);

/// SECCOMP_MODE_FILTER, by value: `linux/seccomp.h` is not for everybody who imports this.
enum { CLINUX_SECCOMP_MODE_FILTER = 2 };

/// prctl(2) without its variable arguments.
int clinux_prctl(int option, unsigned long a, unsigned long b);

/// ioctl(2) for a pointer and for an integer argument.
int clinux_ioctl_pointer(int descriptor, unsigned long request, void *argument);
int clinux_ioctl_integer(int descriptor, unsigned long request, unsigned long argument);

/// open(2), fcntl(2) without their variable arguments.
int clinux_openat(int directory, const char *path, int flags, mode_t mode);
int clinux_fcntl(int descriptor, int command, int argument);

/// Sets every signal's disposition back to the default and empties the signal mask. See signal(7).
void clinux_reset_signals(void);

/// Sends the byte `kind` with a descriptor attached, or receives one: SCM_RIGHTS of unix(7). Where anything but `kind`
/// comes next, receiving fails with EPROTO and leaves it to be read.
int clinux_send_descriptor(int socket, char kind, int descriptor);
int clinux_receive_descriptor(int socket, char kind);

/// bind(2), connect(2) and accept4(2) without the C library's address unions; a path that is too long is ENAMETOOLONG.
int clinux_bind_unix(int socket, const char *path);
int clinux_connect_unix(int socket, const char *path);
int clinux_accept(int socket, int flags);

/// connect(2) to the text of an IP address, version 6 where it has a colon in it; EINVAL where it is none.
int clinux_connect_internet(int socket, const char *address, unsigned short port);

/// sendmsg(2) to a path, or to an abstract name where it begins with `@`, as sd_notify(3) writes it, with a descriptor
/// unless that is -1. Does not wait.
long clinux_send_datagram(int socket, const char *path, const void *bytes, long count, int descriptor);

/// recvmsg(2) of one message, storing the pid that SCM_CREDENTIALS of unix(7) tells, or 0. Descriptors that come with it
/// are closed. Returns its length, as far as there is room for it.
long clinux_receive_datagram(int socket, void *bytes, long count, int *sender);

/// Entry `index` of `environ`, or NULL past the last one.
const char *clinux_environment_entry(long index);

/// regexec(3) on bytes that need not end with a NUL, by REG_STARTEND: whether they match, 1 or 0.
int clinux_regex_matches(const regex_t *expression, const unsigned char *bytes, long count);

/// Brings the network interface `lo` of the current network namespace up. See netdevice(7).
int clinux_raise_loopback(void);

/// waitid(2) on a pidfd for its exit, with WNOHANG or WNOWAIT for options; the status is `si_status`, the kind `si_code`.
int clinux_wait_pidfd(int pidfd, int options, int *code, int *status);

/// How a process that is nobody's to wait for has ended, once it has been reaped: ioctl PIDFD_GET_INFO, PIDFD_INFO_EXIT
/// (Linux 6.15). EAGAIN while the kernel does not say; ENOTTY or EINVAL where it never does. The status is as of wait(2).
int clinux_pidfd_exit_status(int pidfd, int *status);

/// The wait status helpers and inode type tests are macros.
static inline dev_t clinux_makedev(unsigned major_number, unsigned minor_number) {
    return makedev(major_number, minor_number);
}
static inline unsigned clinux_major(dev_t device) { return major(device); }
static inline unsigned clinux_minor(dev_t device) { return minor(device); }

/// O_TMPFILE, which is built of macros.
static const int clinux_temporary_file = O_TMPFILE;

/// Requests of ioctl_tty(2) that are built by macros.
static const unsigned long clinux_unlock_terminal = TIOCSPTLCK;
static const unsigned long clinux_get_terminal_peer = TIOCGPTPEER;

/// RESOLVE_* of openat2(2), by value: `linux/openat2.h` and `fcntl.h` do not mix on every distribution.
enum {
    CLINUX_RESOLVE_NO_XDEV = 0x01,
    CLINUX_RESOLVE_NO_MAGICLINKS = 0x02,
    CLINUX_RESOLVE_NO_SYMLINKS = 0x04,
    CLINUX_RESOLVE_BENEATH = 0x08,
    CLINUX_RESOLVE_IN_ROOT = 0x10,
};
