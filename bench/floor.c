/// What the kernel itself takes to run a program in a jail: clone3, private mounts, /proc, pivot_root, execve, wait.
/// Whoever isolates a process pays at least this.
///
/// usage: floor ROOT COMMAND [ARG…]
#include "jail.h"

int main(int count, char **arguments) {
    if (count < 3) {
        fprintf(stderr, "usage: floor ROOT COMMAND [ARG...]\n");
        return 125;
    }
    pid_t child = start_in(arguments[1], arguments + 2);
    int status;
    must(waitpid(child, &status, 0), "wait");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
