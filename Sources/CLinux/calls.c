#include "include/CLinux.h"

#include <arpa/inet.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/syscall.h>

/// struct open_how of openat2(2).
struct how {
    uint64_t flags, mode, resolve;
};

int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int clinux_execute(int executable, char *const arguments[], char *const environment[]) {
    return (int)syscall(SYS_execveat, executable, "", arguments, environment, AT_EMPTY_PATH);
}

int clinux_pivot_root(const char *new_root, const char *put_old) {
    return (int)syscall(SYS_pivot_root, new_root, put_old);
}

int clinux_capset(uint64_t effective, uint64_t permitted, uint64_t inheritable) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {
        {.effective = (uint32_t)effective, .permitted = (uint32_t)permitted, .inheritable = (uint32_t)inheritable},
        {.effective = (uint32_t)(effective >> 32),
         .permitted = (uint32_t)(permitted >> 32),
         .inheritable = (uint32_t)(inheritable >> 32)},
    };
    return (int)syscall(SYS_capset, &header, data);
}

int clinux_set_seccomp_filter(const void *instructions, unsigned short count, unsigned flags) {
    struct sock_fprog program = {.len = count, .filter = (struct sock_filter *)instructions};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

int clinux_probe_clone3(void) { return (int)syscall(SYS_clone3, NULL, 0); }

int clinux_probe_openat2(void) { return (int)syscall(SYS_openat2, AT_FDCWD, "", NULL, 0); }

/// struct sched_attr of sched_setattr(2), in its first version.
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

int clinux_set_scheduler(unsigned policy, uint64_t flags, int nice, unsigned priority, uint64_t runtime,
                         uint64_t deadline, uint64_t period) {
    struct scheduling scheduling = {sizeof scheduling, policy, flags, nice, priority, runtime, deadline, period};
    return (int)syscall(SYS_sched_setattr, 0, &scheduling, 0);
}

int clinux_set_io_priority(int value) {
    const int process = 1;  // IOPRIO_WHO_PROCESS
    return (int)syscall(SYS_ioprio_set, process, 0, value);
}

int clinux_join_session_keyring(const char *name) {
    const int join = 1;  // KEYCTL_JOIN_SESSION_KEYRING
    return (int)syscall(SYS_keyctl, join, name);
}

static int bpf(int command, union bpf_attr *attributes) {
    return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

int clinux_load_device_program(const void *instructions, unsigned count) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = (uint64_t)(uintptr_t)instructions;
    attributes.insn_cnt = count;
    attributes.license = (uint64_t)(uintptr_t)"Apache";
    return bpf(BPF_PROG_LOAD, &attributes);
}

int clinux_attach_device_program(int cgroup, int program, int replaced) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    if (replaced >= 0) {
        attributes.attach_flags |= BPF_F_REPLACE;
        attributes.replace_bpf_fd = (uint32_t)replaced;
    }
    return bpf(BPF_PROG_ATTACH, &attributes);
}

int clinux_detach_device_program(int cgroup, int program) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)cgroup;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    return bpf(BPF_PROG_DETACH, &attributes);
}

int clinux_query_device_programs(int cgroup, uint32_t *identifiers, uint32_t *count) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.query.target_fd = (uint32_t)cgroup;
    attributes.query.attach_type = BPF_CGROUP_DEVICE;
    attributes.query.prog_ids = (uint64_t)(uintptr_t)identifiers;
    attributes.query.prog_cnt = *count;
    int result = bpf(BPF_PROG_QUERY, &attributes);
    *count = attributes.query.prog_cnt;
    return result;
}

int clinux_open_bpf_program(uint32_t identifier) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_id = identifier;
    return bpf(BPF_PROG_GET_FD_BY_ID, &attributes);
}

int clinux_prctl(int option, unsigned long a, unsigned long b) { return prctl(option, a, b, 0UL, 0UL); }

int clinux_ioctl_pointer(int descriptor, unsigned long request, void *argument) {
    return ioctl(descriptor, request, argument);
}

int clinux_ioctl_integer(int descriptor, unsigned long request, unsigned long argument) {
    return ioctl(descriptor, request, argument);
}

int clinux_openat(int directory, const char *path, int flags, mode_t mode) {
    return openat(directory, path, flags, mode);
}

int clinux_fcntl(int descriptor, int command, int argument) { return fcntl(descriptor, command, argument); }

void clinux_reset_signals(void) {
    // The kernel's own structure and call: the C library refuses to touch the two signals it uses itself, which a caller
    // may well ignore. All zero is SIG_DFL; KILL and STOP cannot be set, and need not be.
    struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        uint64_t mask;
    } standard = {0};
    for (int number = 1; number < NSIG; number++) {
        syscall(SYS_rt_sigaction, number, &standard, NULL, sizeof standard.mask);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Fills an address; a path that does not fit is an error, never a shorter path.
static int unix_address(struct sockaddr_un *address, const char *path) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (strlen(path) >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address->sun_path, path);
    return 0;
}

int clinux_bind_unix(int socket, const char *path) {
    struct sockaddr_un address;
    if (unix_address(&address, path) < 0) return -1;
    return bind(socket, (struct sockaddr *)&address, sizeof address);
}

int clinux_connect_unix(int socket, const char *path) {
    struct sockaddr_un address;
    if (unix_address(&address, path) < 0) return -1;
    return connect(socket, (struct sockaddr *)&address, sizeof address);
}

int clinux_accept(int socket, int flags) { return accept4(socket, NULL, NULL, flags); }

const char *clinux_environment_entry(long index) { return environ[index]; }

int clinux_connect_internet(int socket, const char *address, unsigned short port) {
    int valid;
    if (strchr(address, ':') != NULL) {
        struct sockaddr_in6 place = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
        valid = inet_pton(AF_INET6, address, &place.sin6_addr);
        if (valid == 1) return connect(socket, (struct sockaddr *)&place, sizeof place);
    } else {
        struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
        valid = inet_pton(AF_INET, address, &place.sin_addr);
        if (valid == 1) return connect(socket, (struct sockaddr *)&place, sizeof place);
    }
    errno = EINVAL;
    return -1;
}

long clinux_send_datagram(int socket, const char *path, const void *bytes, long count, int descriptor) {
    struct sockaddr_un address;
    if (unix_address(&address, path) < 0) return -1;
    // Without the NUL: it would be a part of an abstract name.
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (path[0] == '@') address.sun_path[0] = 0;
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec data = {.iov_base = (void *)bytes, .iov_len = (size_t)count};
    struct msghdr message = {.msg_name = &address, .msg_namelen = length, .msg_iov = &data, .msg_iovlen = 1};
    if (descriptor >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

long clinux_receive_datagram(int socket, void *bytes, long count, int *sender) {
    // Room for credentials and nothing else: the kernel closes descriptors that do not fit.
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct ucred))];
    struct iovec data = {.iov_base = bytes, .iov_len = (size_t)count};
    struct msghdr message = {
        .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    *sender = 0;
    ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (length < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_CREDENTIALS) {
        struct ucred credentials;
        memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
        *sender = credentials.pid;
    }
    return length;
}

/// One byte of data and room for one descriptor.
struct descriptor_message {
    char byte;
    struct iovec data;
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    struct msghdr header;
};

static void prepare(struct descriptor_message *message) {
    memset(message, 0, sizeof *message);
    message->data = (struct iovec){.iov_base = &message->byte, .iov_len = 1};
    message->header = (struct msghdr){.msg_iov = &message->data,
                                      .msg_iovlen = 1,
                                      .msg_control = message->control,
                                      .msg_controllen = sizeof message->control};
}

int clinux_send_descriptor(int socket, char kind, int descriptor) {
    struct descriptor_message message;
    prepare(&message);
    message.byte = kind;
    struct cmsghdr *control = CMSG_FIRSTHDR(&message.header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(sizeof descriptor);
    memcpy(CMSG_DATA(control), &descriptor, sizeof descriptor);
    return sendmsg(socket, &message.header, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int clinux_receive_descriptor(int socket, char kind) {
    char next;
    ssize_t waiting = recv(socket, &next, 1, MSG_PEEK);
    if (waiting < 0) return -1;
    if (waiting == 0 || next != kind) {
        errno = EPROTO;
        return -1;
    }
    struct descriptor_message message;
    prepare(&message);
    ssize_t length = recvmsg(socket, &message.header, MSG_CMSG_CLOEXEC);
    if (length < 0) return -1;
    struct cmsghdr *control = CMSG_FIRSTHDR(&message.header);
    if (control == NULL || control->cmsg_type != SCM_RIGHTS) {
        errno = EPROTO;
        return -1;
    }
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(control), sizeof descriptor);
    return descriptor;
}

int clinux_regex_matches(const regex_t *expression, const unsigned char *bytes, long count) {
    regmatch_t range = {.rm_so = 0, .rm_eo = (regoff_t)count};
    return regexec(expression, count > 0 ? (const char *)bytes : "", 1, &range, REG_STARTEND) == 0;
}

int clinux_raise_loopback(void) {
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (control < 0) return -1;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int result = ioctl(control, SIOCSIFFLAGS, &request);
    int error = errno;
    close(control);
    errno = error;
    return result;
}

/// The kernel's struct pidfd_info as of 6.15; older headers do not have it.
struct clinux_pidfd_info {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
};

int clinux_pidfd_exit_status(int pidfd, int *status) {
    const uint64_t exit_known = 1 << 3;
    struct clinux_pidfd_info information = {.mask = exit_known};
    if (ioctl(pidfd, _IOWR(0xFF, 11, struct clinux_pidfd_info), &information) < 0) return -1;
    if (!(information.mask & exit_known)) {
        errno = EAGAIN;
        return -1;
    }
    *status = information.exit_code;
    return 0;
}

int clinux_wait_pidfd(int pidfd, int options, int *code, int *status) {
    siginfo_t information = {0};
    if (waitid(P_PIDFD, (id_t)pidfd, &information, WEXITED | options) < 0) return -1;
    if (information.si_pid == 0) {
        errno = EAGAIN;
        return -1;
    }
    *code = information.si_code;
    *status = information.si_status;
    return 0;
}
