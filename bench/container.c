/// Runs a command in the container of `container.h`.
///
/// usage: container ROOT COMMAND [ARG…]
#include "container.h"

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: container ROOT COMMAND [ARG...]\n");
        return 125;
    }
    char cgroup[256];
    pid_t child = start_container(arguments[1], arguments + 2, cgroup, 0);
    int status;
    must(waitpid(child, &status, 0), "wait");
    rmdir(cgroup);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
