// As CLinux does: Swift wants the C library's structures to be the same in every module.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <zlib.h>

/// What libarchive reports for data in a wrong format; the header does not name it.
static const int carchive_file_format_error = EILSEQ;
