// The C library's types must look the same here as in CLinux: seen with and without this they do not compile together.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <seccomp.h>

// free(): names that libseccomp returns are the caller's.
#include <stdlib.h>
