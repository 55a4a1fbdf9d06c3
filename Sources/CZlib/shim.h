// As CLinux does: Swift wants the C library's structures to be the same in every module.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <zlib.h>
