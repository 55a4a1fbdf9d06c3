/// Lives for a while, again and again: says when it was born and when it dies, in nanoseconds, and leaves it to its
/// supervisor to start it anew.
///
/// usage: mayfly FILE SECONDS
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void note(int file, const char *what) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    dprintf(file, "%s %lld\n", what, (long long)time.tv_sec * 1000000000 + time.tv_nsec);
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    int file = open(arguments[1], O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (file < 0) return 1;
    note(file, "born");
    double seconds = atof(arguments[2]);
    struct timespec life = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&life, NULL);
    note(file, "dies");
    _exit(1);
}
