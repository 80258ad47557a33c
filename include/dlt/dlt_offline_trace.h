/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The daemon's own log files. The functions for them are in the daemon, not in this library; the
 * type is here for programs that include this header. For log files of one's own, see
 * dlt_multiple_files.h.
 */
#ifndef DLT_OFFLINE_TRACE_H
#define DLT_OFFLINE_TRACE_H

#include <limits.h>
#include <linux/limits.h>

#include "dlt_types.h"

#define DLT_OFFLINETRACE_FILENAME_BASE "dlt_offlinetrace"
#define DLT_OFFLINETRACE_FILENAME_INDEX_DELI "."
#define DLT_OFFLINETRACE_FILENAME_TIMESTAMP_DELI "_"
#define DLT_OFFLINETRACE_FILENAME_EXT ".dlt"

typedef struct {
    char directory[NAME_MAX + 1];
    char filename[NAME_MAX + 1]; /* present file */
    int fileSize;                /* bytes of a file, at most */
    int maxSize;                 /* bytes of all files, at most */
    int filenameTimestampBased;  /* names have the time instead of a number */
    int ohandle;                 /* descriptor of the present file */
} DltOfflineTrace;

#endif
