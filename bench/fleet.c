/// The same for many programs that go on running: starts N of them, one after the other or all at once, each of which has
/// started when it has been executed, and says how many nanoseconds that took. Kills them all when its input ends, and says
/// how long it took until the last one was gone. They are in a jail, or in a container with all that belongs to it.
///
/// usage: fleet ROOT N jail|container one-by-one|together COMMAND [ARG…]
#include "container.h"
#include <time.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Waits until everything that has been started has been executed: that closes the writing end of the pipe.
static void await(const int *pipe) {
    close(pipe[1]);
    char byte;
    must(read(pipe[0], &byte, 1), "read");
    close(pipe[0]);
}

int main(int count, char **arguments) {
    int fleet = count < 6 ? 0 : atoi(arguments[2]);
    if (fleet < 1) {
        fprintf(stderr, "usage: fleet ROOT N jail|container one-by-one|together COMMAND [ARG...]\n");
        return 125;
    }
    int contained = strcmp(arguments[3], "container") == 0, together = strcmp(arguments[4], "together") == 0;
    char **command = arguments + 5;
    pid_t *children = calloc((size_t)fleet, sizeof *children);
    char (*cgroups)[256] = calloc((size_t)fleet, sizeof *cgroups);
    int channel[2];
    char byte;
    int failed = 0;
    int64_t begin = now();
    for (int i = 0; i < fleet; i++) {
        if (i == 0 || !together) must(pipe2(channel, O_CLOEXEC), "pipe2");
        children[i] = contained ? start_container(arguments[1], command, cgroups[i], i) : start_in(arguments[1], command);
        if (!together) await(channel);
    }
    if (together) await(channel);
    printf("%lld\n", (long long)(now() - begin));
    fflush(stdout);
    must(read(0, &byte, 1), "read");
    begin = now();
    for (int i = 0; i < fleet; i++) must(kill(children[i], SIGKILL), "kill");
    for (int i = 0; i < fleet; i++) {
        int status;
        must(waitpid(children[i], &status, 0), "wait");
        if (!WIFSIGNALED(status)) failed = 1;
        if (contained) must(rmdir(cgroups[i]), cgroups[i]);
    }
    printf("%lld\n", (long long)(now() - begin));
    return failed ? 125 : 0;
}
