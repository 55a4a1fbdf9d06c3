/// The container that `gocker run` makes, by hand: the same namespaces, cgroup, file systems, masks and capabilities in
/// the same order, with every name written into the program. What Gocker takes beyond this is the price of options,
/// of a program that is interpreted, of sentences for people, and of the filter of system calls, which is left out here.
#include "jail.h"
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static const char *const pids = "/sys/fs/cgroup/pids", *const unified = "/sys/fs/cgroup";
static const uint64_t docker = 0xa80425fb;

static void put(const char *directory, const char *file, const char *value) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    int descriptor = must(open(path, O_WRONLY | O_CLOEXEC), path);
    must(write(descriptor, value, strlen(value)), path);
    close(descriptor);
}

/// Opens what is at `path` in the new root, as a descriptor to attach a mount on; -1 where there is nothing.
static int at(int root, const char *path) {
    struct { uint64_t flags, mode, resolve; } how = {O_PATH | O_CLOEXEC, 0, 0x10 | 0x02};
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

static void attach(int mount, int root, const char *path) {
    int target = must(at(root, path), path);
    must(move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), path);
    close(target);
}

/// Mounts a new file system; `options` are pairs, ended by NULL.
static void file_system(int root, const char *type, const char *path, unsigned flags, const char *const *options) {
    int context = must(fsopen(type, FSOPEN_CLOEXEC), type);
    for (; *options; options += 2) {
        if (options[1]) must(fsconfig(context, FSCONFIG_SET_STRING, options[0], options[1], 0), options[0]);
        else must(fsconfig(context, FSCONFIG_SET_FLAG, options[0], NULL, 0), options[0]);
    }
    must(fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), type);
    int mount = must(fsmount(context, FSMOUNT_CLOEXEC, flags), type);
    close(context);
    attach(mount, root, path);
    close(mount);
}

static int copy(int target) {
    return must(open_tree(target, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE), "copy");
}

static void set_attributes(int mount, unsigned flags, unsigned reach) {
    struct mount_attr attributes = {.attr_set = flags};
    must(mount_setattr(mount, "", AT_EMPTY_PATH | reach, &attributes, sizeof attributes), "attributes");
}

static void file_systems(int root) {
    const unsigned safe = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    const unsigned devices = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    file_system(root, "proc", "/proc", safe, (const char *[]){NULL});
    file_system(root, "tmpfs", "/dev", devices | MOUNT_ATTR_STRICTATIME,
                (const char *[]){"mode", "755", "size", "65536k", NULL});
    int dev = must(at(root, "/dev"), "/dev");
    const struct { const char *name; unsigned major, minor; } nodes[] = {
        {"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
    for (int i = 0; i < 6; i++) {
        must(mknodat(dev, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)), nodes[i].name);
        int node = must(openat(dev, nodes[i].name, O_PATH | O_CLOEXEC), nodes[i].name), mount = copy(node);
        must(move_mount(mount, "", node, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), nodes[i].name);
        close(mount);
        close(node);
    }
    set_attributes(dev, MOUNT_ATTR_NODEV, 0);
    const char *links[][2] = {{"fd", "/proc/self/fd"},         {"stdin", "/proc/self/fd/0"}, {"stdout", "/proc/self/fd/1"},
                              {"stderr", "/proc/self/fd/2"}, {"core", "/proc/kcore"},      {"ptmx", "pts/ptmx"}};
    for (int i = 0; i < 6; i++) must(symlinkat(links[i][1], dev, links[i][0]), links[i][0]);
    const char *directories[] = {"pts", "shm", "mqueue"};
    for (int i = 0; i < 3; i++) must(mkdirat(dev, directories[i], 0755), directories[i]);
    close(dev);
    file_system(root, "devpts", "/dev/pts", devices,
                (const char *[]){"newinstance", NULL, "ptmxmode", "0666", "mode", "0620", "gid", "5", NULL});
    file_system(root, "tmpfs", "/dev/shm", safe, (const char *[]){"mode", "1777", "size", "65536k", NULL});
    file_system(root, "mqueue", "/dev/mqueue", safe, (const char *[]){NULL});
    file_system(root, "sysfs", "/sys", safe | MOUNT_ATTR_RDONLY, (const char *[]){NULL});
}

static void masks(int root) {
    const char *masked[] = {"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
                            "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
                            "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware"};
    int null = must(at(root, "/dev/null"), "/dev/null");
    for (unsigned i = 0; i < sizeof masked / sizeof *masked; i++) {
        int target = at(root, masked[i]);
        if (target < 0) continue;
        struct stat status;
        must(fstat(target, &status), masked[i]);
        close(target);
        if (S_ISDIR(status.st_mode)) {
            file_system(root, "tmpfs", masked[i], MOUNT_ATTR_RDONLY, (const char *[]){"size", "0k", NULL});
        } else {
            int mount = copy(null);
            attach(mount, root, masked[i]);
            close(mount);
        }
    }
    const char *locked[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    for (unsigned i = 0; i < sizeof locked / sizeof *locked; i++) {
        int target = at(root, locked[i]);
        if (target < 0) continue;
        int mount = copy(target);
        set_attributes(mount, MOUNT_ATTR_RDONLY, AT_RECURSIVE);
        must(move_mount(mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), locked[i]);
        close(mount);
        close(target);
    }
}

static void drop_privileges(void) {
    for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
        if (!(docker >> capability & 1)) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    }
    must(setgroups(0, NULL), "setgroups");
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = (uint32_t)docker, .permitted = (uint32_t)docker}};
    must(syscall(SYS_capset, &header, data), "capset");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    must(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "parent death signal");
}

static void enter_container(const char *path, const char *cgroup, int is_unified) {
    if (!is_unified) put(cgroup, "tasks", "0");
    must(unshare(CLONE_NEWCGROUP), "unshare");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "make mounts private");
    int directory = must(open(path, O_PATH | O_CLOEXEC), path), root = copy(directory);
    set_attributes(root, MOUNT_ATTR_NODEV, AT_RECURSIVE);
    must(move_mount(root, "", directory, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH), path);
    file_systems(root);
    masks(root);
    must(sethostname("container", 9), "sethostname");
    must(fchdir(root), "fchdir");
    must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    must(umount2(".", MNT_DETACH), "unmount the old root");
    must(chdir("/"), "chdir");
    must(setsid(), "setsid");
    drop_privileges();
    must(close_range(3, ~0U, CLOSE_RANGE_CLOEXEC), "close_range");
}

/// Starts `command` in it.
///
/// `cgroup` is where the path of its cgroup is written to: 256 bytes; `number` makes it one of its own.
static pid_t start_container(const char *root, char **command, char *cgroup, int number) {
    int is_unified = access(pids, F_OK) != 0;
    snprintf(cgroup, 256, "%s/gocker-bench-%d-%d", is_unified ? unified : pids, getpid(), number);
    must(mkdir(cgroup, 0755), cgroup);
    put(cgroup, "pids.max", "2048");
    struct clone_args clone = {
        .flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC,
        .exit_signal = SIGCHLD,
    };
    if (is_unified) {
        clone.flags |= CLONE_INTO_CGROUP;
        clone.cgroup = (unsigned)must(open(cgroup, O_PATH | O_CLOEXEC), cgroup);
    }
    pid_t child = must(syscall(SYS_clone3, &clone, sizeof clone), "clone3");
    if (child == 0) {
        enter_container(root, cgroup, is_unified);
        char *environment[] = {"PATH=/bin", NULL};
        execve(command[0], command, environment);
        must(-1, "execve");
    }
    if (is_unified) close((int)clone.cgroup);
    return child;
}
