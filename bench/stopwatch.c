/// Times whole processes, from just before they are started to just after they have been waited for.
///
/// Reads commands from standard input, one a line, arguments separated by tabs, and answers each by a line: nanoseconds,
/// exit code (128 + the signal where there was one), peak memory in KiB. One small process starts them all, so that no
/// command inherits the size of a larger parent.
///
/// With --hide-unified it works in a mount namespace of its own, without the cgroup v2 hierarchy of a hybrid machine. The
/// way in is in nobody's time.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void must(int error, const char *what) {
    if (error == 0) return;
    fprintf(stderr, "stopwatch: %s: %s\n", what, strerror(error));
    exit(125);
}

static void hide_unified(void) {
    must(unshare(CLONE_NEWNS) ? errno : 0, "a mount namespace");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ? errno : 0, "make mounts private");
    must(umount2("/sys/fs/cgroup/unified", 0) ? errno : 0, "unmount the unified hierarchy");
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void run(char **arguments, posix_spawn_file_actions_t *quiet) {
    pid_t process;
    int status;
    struct rusage usage;
    long long start = now();
    must(posix_spawnp(&process, arguments[0], quiet, NULL, arguments, environ), arguments[0]);
    must(wait4(process, &status, 0, &usage) < 0 ? errno : 0, "wait4");
    long long end = now();
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("%lld %d %ld\n", end - start, code, usage.ru_maxrss);
    fflush(stdout);
}

int main(int count, char **options) {
    if (count > 1 && strcmp(options[1], "--hide-unified") == 0) hide_unified();
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&quiet, 1, 2);

    char line[8192];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *arguments[128] = {0}, *rest = line;
        for (int index = 0; index < 127 && rest; index++) arguments[index] = strsep(&rest, "\t");
        run(arguments, &quiet);
    }
}
