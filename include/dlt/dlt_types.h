/* SPDX-License-Identifier: MPL-2.0 */
/* Plain values of the interface. */
#ifndef DLT_TYPES_H
#define DLT_TYPES_H

#include <stdint.h>

/* What functions return. Negative values are errors. */
typedef enum {
    DLT_RETURN_FILESZERR = -8,        /* the file has reached its limit */
    DLT_RETURN_LOGGING_DISABLED = -7, /* the level is off */
    DLT_RETURN_USER_BUFFER_FULL = -6, /* the message has no room for the argument */
    DLT_RETURN_WRONG_PARAMETER = -5,  /* an argument is not valid */
    DLT_RETURN_BUFFER_FULL = -4,      /* no room to keep the message: it is lost, and counted */
    DLT_RETURN_PIPE_FULL = -3,        /* the link to the daemon takes nothing for now */
    DLT_RETURN_PIPE_ERROR = -2,       /* the link to the daemon broke */
    DLT_RETURN_ERROR = -1,            /* failed */
    DLT_RETURN_OK = 0,                /* done; as an answer: no */
    DLT_RETURN_TRUE = 1               /* as an answer: yes */
} DltReturnValue;

/* Level of a message, and highest level that a context lets pass. */
typedef enum {
    DLT_LOG_DEFAULT = -1, /* whatever the daemon has for default */
    DLT_LOG_OFF = 0,      /* nothing passes */
    DLT_LOG_FATAL = 1,    /* the system cannot go on */
    DLT_LOG_ERROR = 2,    /* something failed */
    DLT_LOG_WARN = 3,     /* something is not as it should be */
    DLT_LOG_INFO = 4,     /* normal operation; what passes if nothing else is set */
    DLT_LOG_DEBUG = 5,    /* for developers */
    DLT_LOG_VERBOSE = 6,  /* for developers, in every detail */
    DLT_LOG_MAX
} DltLogLevelType;

/* How a viewer is to show an integer or bytes. */
typedef enum {
    DLT_FORMAT_DEFAULT = 0,
    DLT_FORMAT_HEX8 = 1,
    DLT_FORMAT_HEX16 = 2,
    DLT_FORMAT_HEX32 = 3,
    DLT_FORMAT_HEX64 = 4,
    DLT_FORMAT_BIN8 = 5,
    DLT_FORMAT_BIN16 = 6,
    DLT_FORMAT_MAX
} DltFormatType;

/* Whether network trace of a context is sent. */
typedef enum {
    DLT_TRACE_STATUS_DEFAULT = -1, /* whatever the daemon has for default */
    DLT_TRACE_STATUS_OFF = 0,
    DLT_TRACE_STATUS_ON = 1,
    DLT_TRACE_STATUS_MAX
} DltTraceStatusType;

/* Kind of bus that a network trace was taken from. */
typedef enum {
    DLT_NW_TRACE_IPC = 1,
    DLT_NW_TRACE_CAN = 2,
    DLT_NW_TRACE_FLEXRAY = 3,
    DLT_NW_TRACE_MOST = 4,
    DLT_NW_TRACE_RESERVED0 = 5,
    DLT_NW_TRACE_RESERVED1 = 6,
    DLT_NW_TRACE_RESERVED2 = 7,
    DLT_NW_TRACE_USER_DEFINED0 = 8,
    DLT_NW_TRACE_USER_DEFINED1 = 9,
    DLT_NW_TRACE_USER_DEFINED2 = 10,
    DLT_NW_TRACE_USER_DEFINED3 = 11,
    DLT_NW_TRACE_USER_DEFINED4 = 12,
    DLT_NW_TRACE_USER_DEFINED5 = 13,
    DLT_NW_TRACE_USER_DEFINED6 = 14,
    DLT_NW_TRACE_RESEND = 15,
    DLT_NW_TRACE_MAX
} DltNetworkTraceType;

/* Where a daemon was once asked to put messages. No daemon acts on it. */
typedef enum {
    DLT_USER_MODE_UNDEFINED = -1,
    DLT_USER_MODE_OFF = 0,
    DLT_USER_MODE_EXTERNAL = 1,
    DLT_USER_MODE_INTERNAL = 2,
    DLT_USER_MODE_BOTH = 3,
    DLT_USER_MODE_MAX
} DltUserLogMode;

/* Log level in the daemon's configuration of stored logs. */
#define DLT_MAINTAIN_LOGSTORAGE_LOGLEVEL_UNDEF -1
#define DLT_MAINTAIN_LOGSTORAGE_LOGLEVEL_OFF 0
#define DLT_MAINTAIN_LOGSTORAGE_LOGLEVEL_ON 1

/* Whose time stamp a message carries. */
typedef enum {
    DLT_AUTO_TIMESTAMP = 0, /* that of the moment */
    DLT_USER_TIMESTAMP = 1  /* the caller's */
} DltTimestampType;

typedef float float32_t;
typedef double float64_t;

#endif
