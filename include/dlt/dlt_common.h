/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Types, constants and small functions that logging programs and tools share.
 *
 * Made by cbindgen from the Rust sources: change those, or include/cbindgen, and run
 * ci/generate-headers.
 */


#ifndef DLT_COMMON_H
#define DLT_COMMON_H

#include <linux/limits.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "dlt_protocol.h"
#include "dlt_types.h"

#ifndef BYTE_ORDER
#define LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#define BIG_ENDIAN __ORDER_BIG_ENDIAN__
#define BYTE_ORDER __BYTE_ORDER__
#endif

/* ------------------------------------------------------------------------------- compilers */

#if defined(__GNUC__)
#define DLT_PACKED __attribute__((aligned(1), packed))
#define PURE_FUNCTION __attribute__((pure))
#define PRINTF_FORMAT(text, first) __attribute__((format(printf, text, first)))
#else
#define DLT_PACKED
#define PURE_FUNCTION
#define PRINTF_FORMAT(text, first)
#endif

#define DLT_STATIC static

/* ------------------------------------------------------------------------------ byte order */

#define DLT_SWAP_16(value) \
    ((uint16_t)((((uint16_t)(value) & 0xff00u) >> 8) | (((uint16_t)(value) & 0xffu) << 8)))
#define DLT_SWAP_32(value) \
    ((((uint32_t)(value) & 0xff000000u) >> 24) | (((uint32_t)(value) & 0xff0000u) >> 8) | \
     (((uint32_t)(value) & 0xff00u) << 8) | (((uint32_t)(value) & 0xffu) << 24))
#define DLT_SWAP_64(value) \
    (((uint64_t)DLT_SWAP_32((uint64_t)(value) & 0xffffffffu) << 32) | \
     (uint64_t)DLT_SWAP_32((uint64_t)(value) >> 32))

#if BYTE_ORDER == BIG_ENDIAN
#define DLT_HTOBE_16(x) ((uint16_t)(x))
#define DLT_HTOLE_16(x) DLT_SWAP_16(x)
#define DLT_BETOH_16(x) ((uint16_t)(x))
#define DLT_LETOH_16(x) DLT_SWAP_16(x)
#define DLT_HTOBE_32(x) ((uint32_t)(x))
#define DLT_HTOLE_32(x) DLT_SWAP_32(x)
#define DLT_BETOH_32(x) ((uint32_t)(x))
#define DLT_LETOH_32(x) DLT_SWAP_32(x)
#define DLT_HTOBE_64(x) ((uint64_t)(x))
#define DLT_HTOLE_64(x) DLT_SWAP_64(x)
#define DLT_BETOH_64(x) ((uint64_t)(x))
#define DLT_LETOH_64(x) DLT_SWAP_64(x)
#else
#define DLT_HTOBE_16(x) DLT_SWAP_16(x)
#define DLT_HTOLE_16(x) ((uint16_t)(x))
#define DLT_BETOH_16(x) DLT_SWAP_16(x)
#define DLT_LETOH_16(x) ((uint16_t)(x))
#define DLT_HTOBE_32(x) DLT_SWAP_32(x)
#define DLT_HTOLE_32(x) ((uint32_t)(x))
#define DLT_BETOH_32(x) DLT_SWAP_32(x)
#define DLT_LETOH_32(x) ((uint32_t)(x))
#define DLT_HTOBE_64(x) DLT_SWAP_64(x)
#define DLT_HTOLE_64(x) ((uint64_t)(x))
#define DLT_BETOH_64(x) DLT_SWAP_64(x)
#define DLT_LETOH_64(x) ((uint64_t)(x))
#endif

/* A value of a message's payload in the host's byte order. */
#define DLT_ENDIAN_GET_16(htyp, x) (DLT_IS_HTYP_MSBF(htyp) ? DLT_BETOH_16(x) : DLT_LETOH_16(x))
#define DLT_ENDIAN_GET_32(htyp, x) (DLT_IS_HTYP_MSBF(htyp) ? DLT_BETOH_32(x) : DLT_LETOH_32(x))
#define DLT_ENDIAN_GET_64(htyp, x) (DLT_IS_HTYP_MSBF(htyp) ? DLT_BETOH_64(x) : DLT_LETOH_64(x))

/* ------------------------------------------------------------------------------- constants */

#define DLT_ID_SIZE 4
#define DLT_FILTER_MAX 30
#define DLT_DAEMON_TCP_PORT 3490
#define DLT_RECEIVE_BUFSIZE 65535
#define DLT_CONVERT_TEXTBUFSIZE 10024
#define DLT_PATH_MAX 1024
#define DLT_MOUNT_PATH_MAX 1024
#define DLT_IPC_PATH_MAX 100
#define DLT_ENTRY_MAX 100
#define DLT_LINE_LEN 1024
#define DLT_FD_INIT -1
#define DLT_FD_MINIMUM 3

/* Length of an address as text. */
#ifdef DLT_USE_IPv6
#define DLT_IP_SIZE (INET6_ADDRSTRLEN)
#else
#define DLT_IP_SIZE (INET_ADDRSTRLEN)
#endif

/* Optional fields of the standard header. */
#define DLT_SIZE_WEID DLT_ID_SIZE
#define DLT_SIZE_WSID (sizeof(uint32_t))
#define DLT_SIZE_WTMS (sizeof(uint32_t))
#define DLT_STANDARD_HEADER_EXTRA_SIZE(htyp) \
    ((DLT_IS_HTYP_WEID(htyp) ? DLT_SIZE_WEID : 0) + (DLT_IS_HTYP_WSID(htyp) ? DLT_SIZE_WSID : 0) + \
     (DLT_IS_HTYP_WTMS(htyp) ? DLT_SIZE_WTMS : 0))

/* Results of dlt_message_read(). */
#define DLT_MESSAGE_ERROR_OK 0
#define DLT_MESSAGE_ERROR_UNKNOWN -1
#define DLT_MESSAGE_ERROR_SIZE -2
#define DLT_MESSAGE_ERROR_CONTENT -3

/* How payloads are printed. */
#define DLT_OUTPUT_HEX 1
#define DLT_OUTPUT_ASCII 2
#define DLT_OUTPUT_MIXED_FOR_PLAIN 3
#define DLT_OUTPUT_MIXED_FOR_HTML 4
#define DLT_OUTPUT_ASCII_LIMITED 5

/* Which parts of a header are printed. */
#define DLT_HEADER_SHOW_NONE 0x0000
#define DLT_HEADER_SHOW_TIME 0x0001
#define DLT_HEADER_SHOW_TMSTP 0x0002
#define DLT_HEADER_SHOW_MSGCNT 0x0004
#define DLT_HEADER_SHOW_ECUID 0x0008
#define DLT_HEADER_SHOW_APID 0x0010
#define DLT_HEADER_SHOW_CTID 0x0020
#define DLT_HEADER_SHOW_MSGTYPE 0x0040
#define DLT_HEADER_SHOW_MSGSUBTYPE 0x0080
#define DLT_HEADER_SHOW_VNVSTATUS 0x0100
#define DLT_HEADER_SHOW_NOARG 0x0200
#define DLT_HEADER_SHOW_ALL 0xffff

/* What dlt_receiver_check_and_get() does besides. */
#define DLT_RCV_NONE 0
#define DLT_RCV_SKIP_HEADER (1 << 0)
#define DLT_RCV_REMOVE (1 << 1)

/* Whether a daemon's buffer overflowed. */
#define DLT_MESSAGE_BUFFER_NO_OVERFLOW 0x00
#define DLT_MESSAGE_BUFFER_OVERFLOW 0x01

/* First arguments of network trace in several messages. */
#define DLT_TRACE_NW_TRUNCATED "NWTR"
#define DLT_TRACE_NW_START "NWST"
#define DLT_TRACE_NW_SEGMENT "NWCH"
#define DLT_TRACE_NW_END "NWEN"

/* Text of a daemon's answer to "get log info". */
#define DLT_GET_LOG_INFO_HEADER 18
#define GET_LOG_INFO_LENGTH 13
#define SERVICE_OPT_LENGTH 3

#define DLT_BUFFER_HEAD "SHM"

/* Where the internal log goes; see dlt_log_init(). */
typedef enum {
    DLT_LOG_TO_CONSOLE = 0, /* standard output */
    DLT_LOG_TO_SYSLOG = 1,
    DLT_LOG_TO_FILE = 2, /* see dlt_log_set_filename() */
    DLT_LOG_TO_STDERR = 3,
    DLT_LOG_DROPPED = 4
} DltLoggingMode;

/* -------------------------------------------------------------------------------- messages */

/* In front of each message of a file. */
typedef struct {
    char pattern[DLT_ID_SIZE]; /* "DLT" and 1 */
    uint32_t seconds;
    int32_t microseconds;
    char ecu[DLT_ID_SIZE];
} DLT_PACKED DltStorageHeader;

/* In front of each message. */
typedef struct {
    uint8_t htyp;
    uint8_t mcnt;
    uint16_t len; /* without storage header; big endian */
} DLT_PACKED DltStandardHeader;

/* The optional fields of the standard header. */
typedef struct {
    char ecu[DLT_ID_SIZE];
    uint32_t seid;
    uint32_t tmsp; /* in units of 0.1 ms */
} DLT_PACKED DltStandardHeaderExtra;

typedef struct {
    uint8_t msin;
    uint8_t noar;
    char apid[DLT_ID_SIZE];
    char ctid[DLT_ID_SIZE];
} DLT_PACKED DltExtendedHeader;

/* A message that was read. */
typedef struct sDltMessage {
    int8_t found_serialheader;
    int32_t resync_offset;
    int32_t headersize; /* all headers, storage header included */
    int32_t datasize;   /* payload */
    uint8_t headerbuffer[sizeof(DltStorageHeader) + sizeof(DltStandardHeader) +
                         sizeof(DltStandardHeaderExtra) + sizeof(DltExtendedHeader)];
    uint8_t *databuffer; /* of malloc() */
    int32_t databuffersize;
    DltStorageHeader *storageheader;   /* in headerbuffer */
    DltStandardHeader *standardheader; /* in headerbuffer */
    DltStandardHeaderExtra headerextra; /* in the host's byte order */
    DltExtendedHeader *extendedheader; /* in headerbuffer, or NULL */
} DltMessage;

/* Questions about a message (DltMessage *). */
#define DLT_MSG_HAS_TYPE_(msg, type) \
    (DLT_IS_HTYP_UEH((msg)->standardheader->htyp) && \
     DLT_GET_MSIN_MSTP((msg)->extendedheader->msin) == (type))
#define DLT_MSG_HAS_TYPE_INFO_(msg, type, info) \
    (DLT_MSG_HAS_TYPE_(msg, type) && DLT_GET_MSIN_MTIN((msg)->extendedheader->msin) == (info))

#define DLT_MSG_IS_CONTROL(msg) DLT_MSG_HAS_TYPE_(msg, DLT_TYPE_CONTROL)
#define DLT_MSG_IS_CONTROL_REQUEST(msg) \
    DLT_MSG_HAS_TYPE_INFO_(msg, DLT_TYPE_CONTROL, DLT_CONTROL_REQUEST)
#define DLT_MSG_IS_CONTROL_RESPONSE(msg) \
    DLT_MSG_HAS_TYPE_INFO_(msg, DLT_TYPE_CONTROL, DLT_CONTROL_RESPONSE)
#define DLT_MSG_IS_CONTROL_TIME(msg) \
    DLT_MSG_HAS_TYPE_INFO_(msg, DLT_TYPE_CONTROL, DLT_CONTROL_TIME)
#define DLT_MSG_IS_NW_TRACE(msg) DLT_MSG_HAS_TYPE_(msg, DLT_TYPE_NW_TRACE)
#define DLT_MSG_IS_TRACE_MOST(msg) \
    DLT_MSG_HAS_TYPE_INFO_(msg, DLT_TYPE_NW_TRACE, DLT_NW_TRACE_MOST)
#define DLT_MSG_IS_NONVERBOSE(msg) \
    (!DLT_IS_HTYP_UEH((msg)->standardheader->htyp) || \
     !DLT_IS_MSIN_VERB((msg)->extendedheader->msin))

/*
 * Take something from the front of a payload: src moves on, length becomes shorter. When there is
 * not enough, nothing is taken and length becomes -1.
 */
#define DLT_MSG_READ_VALUE(dst, src, length, type) \
    do { \
        if ((length) < 0 || (size_t)(length) < sizeof(type)) { \
            (length) = -1; \
        } else { \
            type dlt_value; \
            memcpy(&dlt_value, (src), sizeof(type)); \
            (dst) = dlt_value; \
            (src) += sizeof(type); \
            (length) -= (int32_t)sizeof(type); \
        } \
    } while (false)

#define DLT_MSG_READ_ID(dst, src, length) \
    do { \
        if ((length) < DLT_ID_SIZE) { \
            (length) = -1; \
        } else { \
            memcpy((dst), (src), DLT_ID_SIZE); \
            (src) += DLT_ID_SIZE; \
            (length) -= DLT_ID_SIZE; \
        } \
    } while (false)

/* A text of length bytes to an array of dstlength bytes, terminated, in one line. */
#define DLT_MSG_READ_STRING(dst, src, maxlength, dstlength, length) \
    do { \
        if ((maxlength) < 0 || (length) <= 0 || (int64_t)(dstlength) < (int64_t)(length) || \
            (maxlength) < (length)) { \
            (maxlength) = -1; \
        } else { \
            memcpy((dst), (src), (size_t)(length)); \
            dlt_clean_string((dst), (length)); \
            (dst)[(int64_t)(length) < (int64_t)(dstlength) ? (length) : (length)-1] = 0; \
            (src) += (length); \
            (maxlength) -= (length); \
        } \
    } while (false)

/* Nothing of length bytes; when there is not enough, it is length that becomes -1. */
#define DLT_MSG_READ_NULL(src, maxlength, length) \
    do { \
        if ((maxlength) < 0 || (length) < 0 || (maxlength) < (length)) { \
            (length) = -1; \
        } else { \
            (src) += (length); \
            (maxlength) -= (length); \
        } \
    } while (false)

/* Say in the internal log that a function was called; needs syslog.h. */
#define PRINT_FUNCTION_VERBOSE(verbose) \
    do { \
        if (verbose) \
            dlt_vlog(LOG_INFO, "%s()\n", __func__); \
    } while (false)

/* ------------------------------------------------------------------------- control messages */

typedef struct {
    uint32_t service_id;
    uint8_t options;
    char apid[DLT_ID_SIZE];
    char ctid[DLT_ID_SIZE];
    char com[DLT_ID_SIZE];
} DLT_PACKED DltServiceGetLogInfoRequest;

typedef struct {
    uint32_t service_id;
} DLT_PACKED DltServiceGetDefaultLogLevelRequest;

/* What a daemon says about a context. */
typedef struct {
    char context_id[DLT_ID_SIZE];
    int16_t log_level;
    int16_t trace_status;
    uint16_t len_context_description;
    char *context_description;
} ContextIDsInfoType;

/* What a daemon says about an application. */
typedef struct {
    char app_id[DLT_ID_SIZE];
    uint16_t count_context_ids;
    ContextIDsInfoType *context_id_info;
    uint16_t len_app_description;
    char *app_description;
} AppIDsType;

typedef struct {
    uint16_t count_app_ids;
    AppIDsType *app_ids;
} LogInfoType;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    LogInfoType log_info_type;
    char com[DLT_ID_SIZE];
} DltServiceGetLogInfoResponse;

typedef struct {
    uint32_t service_id;
    char apid[DLT_ID_SIZE];
    char ctid[DLT_ID_SIZE];
    uint8_t log_level;
    char com[DLT_ID_SIZE];
} DLT_PACKED DltServiceSetLogLevel;

typedef struct {
    uint32_t service_id;
    uint8_t log_level;
    char com[DLT_ID_SIZE];
} DLT_PACKED DltServiceSetDefaultLogLevel;

typedef struct {
    uint32_t service_id;
    uint8_t new_status;
} DLT_PACKED DltServiceSetVerboseMode;

typedef struct {
    uint32_t service_id;
    char com[DLT_ID_SIZE];
    uint8_t new_status;
} DLT_PACKED DltServiceSetCommunicationInterfaceStatus;

typedef struct {
    uint32_t service_id;
    char com[DLT_ID_SIZE];
    uint32_t max_bandwidth;
} DLT_PACKED DltServiceSetCommunicationMaximumBandwidth;

typedef struct {
    uint32_t service_id;
    uint8_t status;
} DLT_PACKED DltServiceResponse;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    uint8_t log_level;
} DLT_PACKED DltServiceGetDefaultLogLevelResponse;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    uint8_t overflow;
    uint32_t overflow_counter;
} DLT_PACKED DltServiceMessageBufferOverflowResponse;

typedef struct {
    uint32_t service_id;
} DLT_PACKED DltServiceGetSoftwareVersion;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    uint32_t length;
    char *payload;
} DLT_PACKED DltServiceGetSoftwareVersionResponse;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    char apid[DLT_ID_SIZE];
    char ctid[DLT_ID_SIZE];
    char comid[DLT_ID_SIZE];
} DLT_PACKED DltServiceUnregisterContext;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    uint8_t state;
    char comid[DLT_ID_SIZE];
} DLT_PACKED DltServiceConnectionInfo;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    int32_t timezone;
    uint8_t isdst;
} DLT_PACKED DltServiceTimezone;

typedef struct {
    uint32_t service_id;
    uint8_t status;
} DLT_PACKED DltServiceMarker;

typedef struct {
    uint32_t service_id;
    char mount_point[DLT_MOUNT_PATH_MAX];
    uint8_t connection_type;
    char comid[DLT_ID_SIZE];
} DLT_PACKED DltServiceOfflineLogstorage;

typedef struct {
    uint32_t service_id;
    uint32_t connection_status;
    char node_id[DLT_ID_SIZE];
} DLT_PACKED DltServicePassiveNodeConnect;

typedef struct {
    uint32_t service_id;
    uint8_t status;
    uint32_t num_connections;
    uint8_t connection_status[DLT_ENTRY_MAX];
    char node_id[DLT_ENTRY_MAX];
} DLT_PACKED DltServicePassiveNodeConnectionInfo;

/* ----------------------------------------------------------------- files, filters, receivers */

typedef struct {
    char apid[DLT_FILTER_MAX][DLT_ID_SIZE];
    char ctid[DLT_FILTER_MAX][DLT_ID_SIZE];
    int log_level[DLT_FILTER_MAX];
    int32_t payload_max[DLT_FILTER_MAX];
    int32_t payload_min[DLT_FILTER_MAX];
    int counter;
} DltFilter;

typedef struct sDltFile {
    FILE *handle;
    long *index; /* of malloc() */
    int32_t counter;
    int32_t counter_total;
    int32_t position;
    uint64_t file_length;
    uint64_t file_position;
    int32_t error_messages;
    DltFilter *filter;
    int32_t filter_counter;
    DltMessage msg;
} DltFile;

typedef enum {
    DLT_RECEIVE_SOCKET = 0,
    DLT_RECEIVE_UDP_SOCKET = 1,
    DLT_RECEIVE_FD = 2
} DltReceiverType;

typedef struct {
    int32_t lastBytesRcvd;
    int32_t bytesRcvd;
    int32_t totalBytesRcvd;
    char *buffer;
    char *buf;
    char *backup_buf;
    int fd;
    DltReceiverType type;
    int32_t buffersize;
    struct sockaddr_in addr;
} DltReceiver;

typedef struct {
    unsigned char *shm;
    unsigned int size;
    unsigned char *mem;
    uint32_t min_size;
    uint32_t max_size;
    uint32_t step_size;
} DltBuffer;

typedef struct {
    int write;
    int read;
    int count;
} DltBufferHead;

typedef struct {
    char head[4];
    unsigned char status;
    int size;
} DltBufferBlockHead;

typedef struct DltBindAddress {
    char ip[DLT_IP_SIZE];
    struct DltBindAddress *next;
} DltBindAddress_t;

/* -------------------------------------------------------------------------------- variables */

#ifdef __cplusplus
extern "C" {
#endif

/* In front of a message on a serial line. */
extern const char dltSerialHeader[DLT_ID_SIZE];
extern char dltSerialHeaderChar[DLT_ID_SIZE];

/* Directory of the daemon's FIFO, as of the last start of the library. */
extern char dltFifoBaseDir[DLT_PATH_MAX];

/* ------------------------------------------- functions with a variable number of arguments */

/**
 * Print a formatted message where the internal log goes, if its priority passes. Thread-safe.
 *
 * @param prio priority, as syslog numbers them: 0 to 7
 * @param format as for printf(); no newline is added, and what is longer than 2046 bytes is cut
 * @return DLT_RETURN_OK, also when the priority does not pass; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_vlog(int prio, const char *format, ...) PRINTF_FORMAT(2, 3);

/**
 * Print a formatted message of limited size where the internal log goes.
 *
 * @param prio priority, as syslog numbers them: 0 to 7
 * @param size longest message, its final NUL included
 * @param format as for printf()
 * @return as dlt_vlog()
 */
DltReturnValue dlt_vnlog(int prio, size_t size, const char *format, ...) PRINTF_FORMAT(3, 4);

/**
 * Print formatted text on standard output, or on standard error if the internal log goes there.
 *
 * @param format as for printf()
 * @return as printf(); -1 for NULL
 */
int dlt_user_printf(const char *format, ...) PRINTF_FORMAT(1, 2);

/**
 * Write formatted text as it is to the files of dlt_log_init_multiple_logfiles(), if there are any.
 *
 * @param format as for printf(); what is longer than 2046 bytes is cut
 */
void dlt_log_multiple_files_write(const char *format, ...) PRINTF_FORMAT(1, 2);

/**
 * Run a program and wait for its end.
 *
 * @param filename file for its standard output, made anew; NULL for that of the caller
 * @param command program, looked for in PATH; its arguments follow, and a NULL
 * @return status as of waitpid(); 255 << 8 when the file cannot be opened, 127 << 8 when the program
 *         cannot be run, -1 for NULL
 */
int dlt_execute_command(char *filename, char *command, ...);

#ifdef __cplusplus
}
#endif


/**
 * `DLT_RECEIVE_BUFSIZE`: room for the longest message.
 */
#define RECEIVE_BUFSIZE 65535

/**
 * `DLT_RECEIVE_SOCKET`.
 */
#define RECEIVE_SOCKET 0

/**
 * `DLT_RECEIVE_UDP_SOCKET`.
 */
#define RECEIVE_UDP_SOCKET 1

/**
 * `DLT_RECEIVE_FD`.
 */
#define RECEIVE_FD 2

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Copy an id: four bytes of text, padded with NULs. Nothing happens when one of both is NULL.
 *
 * @param id array of at least four bytes; receives no final NUL
 * @param text text; read up to its NUL, four bytes at most
 */
void dlt_set_id(char *id, const char *text);

/**
 * Copy an id to be printed: four bytes padded with '-', and a final NUL. Nothing happens when one
 * of both is NULL.
 *
 * @param text array of at least five bytes
 * @param id id
 */
void dlt_print_id(char *text, const char *id);

/**
 * Length of a text within limits.
 *
 * @param str text, or NULL
 * @param maxsize bytes to look at, at most
 * @return number of bytes before the NUL or the limit; 0 for NULL
 */
size_t dlt_strnlen_s(const char *str, size_t maxsize);

/**
 * Replace carriage returns and newlines by spaces.
 *
 * @param text text, changed in place
 * @param length bytes to look at
 */
void dlt_clean_string(char *text, int length);

/**
 * Print bytes in hexadecimal where dlt_user_printf() prints.
 *
 * @param ptr bytes, or NULL
 * @param size number of bytes
 */
void dlt_print_hex(uint8_t *ptr, int size);

/**
 * Write bytes in hexadecimal, separated by spaces.
 *
 * @param text receives three bytes for each, the final NUL included
 * @param textlength bytes that there is room for
 * @param ptr bytes
 * @param size number of bytes
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, no room or a negative size;
 *         DLT_RETURN_ERROR when there is not enough room
 */
DltReturnValue dlt_print_hex_string(char *text, int textlength, uint8_t *ptr, int size);

/**
 * Write bytes as characters, with a dot for each that is not printable.
 *
 * @param text points to where to write; is moved on by what was written. A final NUL is written if
 *        there is room for it
 * @param textlength bytes that there is room for
 * @param ptr bytes
 * @param size number of bytes
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, a negative size or not enough room
 */
DltReturnValue dlt_print_char_string(char **text, int textlength, uint8_t *ptr, int size);

/**
 * Write bytes in lines of sixteen, each in hexadecimal and as characters.
 *
 * @param text receives 73 bytes for each line and one line more, or 76 for HTML
 * @param textlength bytes that there is room for
 * @param ptr bytes
 * @param size number of bytes
 * @param html 0 to separate lines by a newline, otherwise by an HTML tag
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, no room or a negative size;
 *         DLT_RETURN_ERROR when there is not enough room
 */
DltReturnValue dlt_print_mixed_string(char *text, int textlength, uint8_t *ptr, int size, int html);

/**
 * Get the version of the interface as text: "DLT Package Version: 2.18.8 STABLE, Package
 * Revision: ...". The revision names this library and its own version.
 *
 * @param buf receives the text, cut if need be, with a final NUL
 * @param size bytes that there is room for
 */
void dlt_get_version(char *buf, size_t size);

/**
 * Get the major version of the interface as text.
 *
 * @param buf receives the text, cut if need be, with a final NUL
 * @param size bytes that there is room for
 */
void dlt_get_major_version(char *buf, size_t size);

/**
 * Get the minor version of the interface as text.
 *
 * @param buf receives the text, cut if need be, with a final NUL
 * @param size bytes that there is room for
 */
void dlt_get_minor_version(char *buf, size_t size);

/**
 * Get the time that messages are stamped with: CLOCK_MONOTONIC in units of 0.1 ms. It starts again
 * from 0 after some five days.
 *
 * @return time
 */
uint32_t dlt_uptime(void);

/**
 * Print a message where the internal log goes, if its priority passes. Thread-safe.
 *
 * @param prio priority, as syslog numbers them: 0 to 7
 * @param s message; no newline is added
 * @return DLT_RETURN_OK, also when the priority does not pass; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_log(int prio, const char *s);

/**
 * Choose where the internal log goes. This holds for the library's own messages as well.
 *
 * @param mode DLT_LOG_TO_CONSOLE, DLT_LOG_TO_SYSLOG, DLT_LOG_TO_FILE, DLT_LOG_TO_STDERR or
 *        DLT_LOG_DROPPED
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for another mode or when the file cannot be opened, and
 *         then nothing changes
 */
DltReturnValue dlt_log_init(int mode);

/**
 * Choose up to which priority the internal log prints. This holds for the library's own messages
 * as well.
 *
 * @param level highest priority, as syslog numbers them: 0 to 7
 */
void dlt_log_set_level(int level);

/**
 * Name the file that dlt_log_init(DLT_LOG_TO_FILE) opens, to append to it.
 *
 * @param filename path; copied, and cut at 255 bytes
 */
void dlt_log_set_filename(const char *filename);

/**
 * Close the file that dlt_log_init() opened. What goes there from now on is dropped.
 */
void dlt_log_free(void);

/**
 * Set the exported variable dltFifoBaseDir. The library itself takes the directory from
 * DLT_PIPE_DIR when it is started, and shows it there.
 *
 * @param pipe_dir directory; copied, and cut at 1023 bytes
 */
void dlt_log_set_fifo_basedir(const char *pipe_dir);

/**
 * Check that enough bytes were received. Too few are told in the internal log.
 *
 * @param received number of bytes received
 * @param required number of bytes needed
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR for too few
 */
DltReturnValue dlt_check_rcv_data_size(int received, int required);

/**
 * Read the beginning of a daemon's answer to "get log info", as text: "get_log_info, 07, ...".
 *
 * @param resp_text answer
 * @param service_id receives DLT_SERVICE_ID_GET_LOG_INFO
 * @param service_opt receives the status of the answer: the two digits; 0 if there are none
 * @return 0; -1 for NULL; otherwise, when it is another answer, as strcmp() for the first name
 */
int dlt_set_loginfo_parse_service_id(char *resp_text, uint32_t *service_id, uint8_t *service_opt);

/**
 * Choose where the internal log goes, a file being perhaps several files in turn.
 *
 * @param mode as for dlt_log_init()
 * @param enable_multiple_logfiles whether DLT_LOG_TO_FILE means several files
 * @param logging_file_size bytes of each of several files, at most
 * @param logging_files_max_size bytes of all of them, at most; the oldest are deleted
 * @return as dlt_log_init(); DLT_RETURN_WRONG_PARAMETER for sizes that are not valid
 */
DltReturnValue dlt_log_init_multiple_logfiles_support(DltLoggingMode mode,
                                                      bool enable_multiple_logfiles,
                                                      int logging_file_size,
                                                      int logging_files_max_size);

/**
 * Open the file that dlt_log_set_filename() named, to append to it. It is used when the internal
 * log goes to a file.
 *
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when it cannot be opened
 */
DltReturnValue dlt_log_init_single_logfile(void);

/**
 * Open several files in turn, named after that of dlt_log_set_filename(): "name.0000000001.ext".
 * They are used when the internal log goes to a file.
 *
 * @param logging_file_size bytes of each file, at most
 * @param logging_files_max_size bytes of all of them, at most; the oldest are deleted
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when none can be opened, or the name has no extension;
 *         DLT_RETURN_WRONG_PARAMETER for sizes that are not valid
 */
DltReturnValue dlt_log_init_multiple_logfiles(int logging_file_size, int logging_files_max_size);

/**
 * Close the file that dlt_log_init_single_logfile() opened. What goes there is dropped.
 */
void dlt_log_free_single_logfile(void);

/**
 * Close the files that dlt_log_init_multiple_logfiles() opened. What goes there is dropped.
 */
void dlt_log_free_multiple_logfiles(void);

/**
 * Ask whether the internal log's file is several files in turn.
 *
 * @return whether it is
 */
bool dlt_is_log_in_multiple_files_active(void);

/**
 * Take over what DLT_LOG_LEVEL, DLT_LOG_MODE and DLT_LOG_FILENAME say, and show the directory of
 * DLT_PIPE_DIR in dltFifoBaseDir. The library does so itself when it is started.
 */
void dlt_check_envvar(void);

/**
 * Not needed: each function prepares what it uses.
 *
 * @return DLT_RETURN_OK
 */
DltReturnValue dlt_init_common(void);

/**
 * Get the name of a file without directory and extension.
 *
 * @param abs_file_name path
 * @param base_name receives the name, with a final NUL
 * @param base_name_len bytes that there is room for
 * @return false, and nothing is written, for NULL, a path without an extension or not enough room
 */
bool dlt_extract_base_name_without_ext(const char *abs_file_name,
                                       char *base_name,
                                       long base_name_len);

/**
 * Get the extension of a file's name.
 *
 * @param filename path
 * @return its last dot and what follows; NULL for NULL or without a dot in the name
 */
char *get_filename_ext(const char *filename);

/**
 * Prepare a ring of blocks in memory of the caller's. It is cleared.
 *
 * @param buf ring
 * @param ptr memory, which has to stay as long as the ring is used
 * @param size its size: at least 12 bytes, which the ring needs itself
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size that is not valid
 */
DltReturnValue dlt_buffer_init_static_server(DltBuffer *buf,
                                             const unsigned char *ptr,
                                             uint32_t size);

/**
 * Use a ring of blocks that somebody else prepared in the same memory.
 *
 * @param buf ring
 * @param ptr memory, which has to stay as long as the ring is used
 * @param size its size
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a size that is not valid
 */
DltReturnValue dlt_buffer_init_static_client(DltBuffer *buf,
                                             const unsigned char *ptr,
                                             uint32_t size);

/**
 * Prepare a ring of blocks that allocates its memory, and more of it when that is needed.
 *
 * @param buf ring; end it with dlt_buffer_free_dynamic()
 * @param min_size bytes to begin with: at least 12, which the ring needs itself
 * @param max_size bytes to grow to
 * @param step_size bytes to grow by
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or sizes that are not valid;
 *         DLT_RETURN_ERROR without memory
 */
DltReturnValue dlt_buffer_init_dynamic(DltBuffer *buf,
                                       uint32_t min_size,
                                       uint32_t max_size,
                                       uint32_t step_size);

/**
 * End a ring in memory of the caller's, which stays as it is.
 *
 * @param buf ring
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_buffer_free_static(DltBuffer *buf);

/**
 * Free a ring of dlt_buffer_init_dynamic().
 *
 * @param buf ring
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR when it was freed
 *         before
 */
DltReturnValue dlt_buffer_free_dynamic(DltBuffer *buf);

/**
 * Ask whether a ring can grow by so many bytes.
 *
 * @param buf ring
 * @param needed bytes
 * @return DLT_RETURN_OK if it can; DLT_RETURN_ERROR if not; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_buffer_check_size(DltBuffer *buf, int needed);

/**
 * Add a block to a ring. One that allocates its memory grows if need be.
 *
 * @param buf ring
 * @param data the block's bytes
 * @param size number of bytes
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR when there is no room, or the ring was damaged and is
 *         now empty; DLT_RETURN_WRONG_PARAMETER for NULL instead of a ring
 */
DltReturnValue dlt_buffer_push(DltBuffer *buf, const unsigned char *data, unsigned int size);

/**
 * Add a block to a ring, in three parts. One that allocates its memory grows if need be.
 *
 * @param buf ring
 * @param data1 first part
 * @param size1 number of bytes
 * @param data2 second part; may be NULL if it has no bytes
 * @param size2 number of bytes
 * @param data3 third part; may be NULL if it has no bytes
 * @param size3 number of bytes
 * @return as dlt_buffer_push()
 */
DltReturnValue dlt_buffer_push3(DltBuffer *buf,
                                const unsigned char *data1,
                                unsigned int size1,
                                const unsigned char *data2,
                                unsigned int size2,
                                const unsigned char *data3,
                                unsigned int size3);

/**
 * Take the oldest block out of a ring.
 *
 * @param buf ring
 * @param data receives the block, cut if need be; NULL to drop it
 * @param max_size bytes that there is room for
 * @return size of the whole block; -1 when there is none, or the ring was damaged and is now
 *         empty; DLT_RETURN_WRONG_PARAMETER for NULL instead of a ring
 */
int dlt_buffer_pull(DltBuffer *buf, unsigned char *data, int max_size);

/**
 * Copy the oldest block of a ring. It stays there.
 *
 * @param buf ring
 * @param data receives the block, cut if need be; NULL to ask for the size only
 * @param max_size bytes that there is room for
 * @return as dlt_buffer_pull()
 */
int dlt_buffer_copy(DltBuffer *buf, unsigned char *data, int max_size);

/**
 * Drop the oldest block of a ring.
 *
 * @param buf ring
 * @return as dlt_buffer_pull()
 */
int dlt_buffer_remove(DltBuffer *buf);

/**
 * Print the size and the addresses of a ring in the internal log, with priority 7.
 *
 * @param buf ring
 */
void dlt_buffer_info(DltBuffer *buf);

/**
 * Print the positions of a ring in the internal log, with priority 7.
 *
 * @param buf ring
 */
void dlt_buffer_status(DltBuffer *buf);

/**
 * Get the bytes that a ring may grow to.
 *
 * @param buf ring
 * @return bytes, with those that the ring needs itself; 4294967291 for NULL
 */
uint32_t dlt_buffer_get_total_size(DltBuffer *buf);

/**
 * Get the bytes in use in a ring.
 *
 * @param buf ring
 * @return bytes, with twelve for each block; DLT_RETURN_WRONG_PARAMETER for NULL
 */
int dlt_buffer_get_used_size(DltBuffer *buf);

/**
 * Get the number of blocks in a ring.
 *
 * @param buf ring
 * @return number; DLT_RETURN_WRONG_PARAMETER for NULL
 */
int dlt_buffer_get_message_count(DltBuffer *buf);

/**
 * Initialise the structure of a message before it is used first.
 *
 * @param msg message
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_message_init(DltMessage *msg, int verbose);

/**
 * Free what belongs to a message, not the structure itself.
 *
 * @param msg message
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_message_free(DltMessage *msg, int verbose);

/**
 * Read the message at the start of a buffer, with or without a serial header in front of it. The
 * message takes headersize + datasize - 16 bytes of the buffer, and 4 for a serial header, and
 * resync_offset.
 *
 * @param msg message of dlt_message_init(); receives a copy of headers and payload
 * @param buffer bytes received
 * @param length number of bytes received
 * @param resync other than 0 to skip to the next serial header
 * @param verbose other than 0 to log what is done
 * @return DLT_MESSAGE_ERROR_OK; DLT_MESSAGE_ERROR_SIZE when there is not enough for a message;
 *         DLT_MESSAGE_ERROR_CONTENT for a message that cannot be; DLT_MESSAGE_ERROR_UNKNOWN for
 *         NULL, no bytes or no memory
 */
int dlt_message_read(DltMessage *msg,
                     uint8_t *buffer,
                     unsigned int length,
                     int resync,
                     int verbose);

/**
 * Copy the optional fields of the standard header from the header buffer to headerextra, in the
 * host's byte order.
 *
 * @param msg message
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or without a standard header
 */
DltReturnValue dlt_message_get_extraparameters(DltMessage *msg, int verbose);

/**
 * Copy the optional fields of the standard header from headerextra to the header buffer. The
 * numbers in headerextra are in network byte order afterwards.
 *
 * @param msg message
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or without a standard header
 */
DltReturnValue dlt_message_set_extraparameters(DltMessage *msg, int verbose);

/**
 * Check a message against filters.
 *
 * @param msg message
 * @param filter filters
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_TRUE if a filter lets it pass, if there are no filters, or if the message has
 *         no extended header; DLT_RETURN_OK if not; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_message_filter_check(DltMessage *msg, DltFilter *filter, int verbose);

/**
 * Fill a storage header with the time of now.
 *
 * @param storageheader storage header
 * @param ecu id of the control unit
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_set_storageheader(DltStorageHeader *storageheader, const char *ecu);

/**
 * Check whether a storage header begins as it should.
 *
 * @param storageheader storage header
 * @return DLT_RETURN_TRUE if it does, DLT_RETURN_OK if not, DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_check_storageheader(DltStorageHeader *storageheader);

/**
 * Choose whether names and units of arguments are printed, as name:value:unit. This holds for the
 * whole process; they are not printed before.
 *
 * @param state true to print them
 */
void dlt_print_with_attributes(bool state);

/**
 * Write all parts of a message's headers as text.
 *
 * @param msg message
 * @param text receives the text, cut if need be, with a final NUL
 * @param textlength bytes that there is room for
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL, no room or missing headers
 */
DltReturnValue dlt_message_header(DltMessage *msg, char *text, size_t textlength, int verbose);

/**
 * Write chosen parts of a message's headers as text.
 *
 * @param msg message
 * @param text receives the text, cut if need be, with a final NUL
 * @param textlength bytes that there is room for
 * @param flags DLT_HEADER_SHOW_ALL, or other such flags
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL, no room, other flags or missing
 *         headers
 */
DltReturnValue dlt_message_header_flags(DltMessage *msg,
                                        char *text,
                                        size_t textlength,
                                        int flags,
                                        int verbose);

/**
 * Write a message's payload as text.
 *
 * @param msg message
 * @param text receives the text with a final NUL; numbers are cut if need be
 * @param textlength bytes that there is room for
 * @param type DLT_OUTPUT_HEX, DLT_OUTPUT_ASCII, DLT_OUTPUT_MIXED_FOR_PLAIN,
 *        DLT_OUTPUT_MIXED_FOR_HTML or DLT_OUTPUT_ASCII_LIMITED
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, no room, another type or a payload
 *         that is too short; DLT_RETURN_ERROR if it cannot be decoded or there is not enough
 *         room, and then text has what comes before
 */
DltReturnValue dlt_message_payload(DltMessage *msg,
                                   char *text,
                                   size_t textlength,
                                   int type,
                                   int verbose);

/**
 * Write one argument of a verbose message as text.
 *
 * @param msg message; tells the byte order
 * @param type_info type of the argument
 * @param ptr points to the data behind the type; is moved on behind the argument
 * @param datalength number of bytes there; is reduced by those of the argument, or set to -1 if
 *        they are not all there
 * @param text receives the text with a final NUL; a number is cut if need be
 * @param textlength bytes that there is room for
 * @param byteLength length of a text that has no length in front of it, or -1 if it has
 * @param verbose not used
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or no room; DLT_RETURN_ERROR if the
 *         argument cannot be decoded or there is not enough room for a text
 */
DltReturnValue dlt_message_argument_print(DltMessage *msg,
                                          uint32_t type_info,
                                          uint8_t **ptr,
                                          int32_t *datalength,
                                          char *text,
                                          size_t textlength,
                                          int byteLength,
                                          int verbose);

/**
 * Print a message's headers and payload to standard output, the payload as text.
 *
 * @param message message
 * @param text room for what is printed
 * @param size bytes of room
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
 */
DltReturnValue dlt_message_print_ascii(DltMessage *message, char *text, uint32_t size, int verbose);

/**
 * Print a message's headers to standard output.
 *
 * @param message message
 * @param text room for what is printed
 * @param size bytes of room
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
 */
DltReturnValue dlt_message_print_header(DltMessage *message,
                                        char *text,
                                        uint32_t size,
                                        int verbose);

/**
 * Print a message's headers and payload to standard output, the payload in hexadecimal.
 *
 * @param message message
 * @param text room for what is printed
 * @param size bytes of room
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
 */
DltReturnValue dlt_message_print_hex(DltMessage *message, char *text, uint32_t size, int verbose);

/**
 * Print a message's headers and payload to standard output, the payload in hexadecimal and as
 * characters.
 *
 * @param message message
 * @param text room for what is printed
 * @param size bytes of room
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
 */
DltReturnValue dlt_message_print_mixed_plain(DltMessage *message,
                                             char *text,
                                             uint32_t size,
                                             int verbose);

/**
 * Print a message's headers and payload to standard output, the payload in hexadecimal and as
 * characters, for a web page.
 *
 * @param message message
 * @param text room for what is printed
 * @param size bytes of room
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL or missing headers
 */
DltReturnValue dlt_message_print_mixed_html(DltMessage *message,
                                            char *text,
                                            uint32_t size,
                                            int verbose);

/**
 * Initialise filters before they are used first.
 *
 * @param filter filters
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_filter_init(DltFilter *filter, int verbose);

/**
 * Free what belongs to filters, which is nothing.
 *
 * @param filter filters
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_filter_free(DltFilter *filter, int verbose);

/**
 * Load filters from a file: pairs of an application's and a context's id, separated by white
 * space; "----" is any. They take the place of those that are there, so dlt_filter_init() need not
 * have been called, and are printed to standard output.
 *
 * @param filter filters
 * @param filename path
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if the file cannot
 *         be opened
 */
DltReturnValue dlt_filter_load(DltFilter *filter, const char *filename, int verbose);

/**
 * Save filters to a file: pairs of ids, as dlt_filter_load() reads them.
 *
 * @param filter filters
 * @param filename path
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if the file cannot
 *         be written
 */
DltReturnValue dlt_filter_save(DltFilter *filter, const char *filename, int verbose);

/**
 * Find the first filter that covers another one: of the same ids, of the same level or any, and
 * with limits of size that are not narrower.
 *
 * @param filter filters
 * @param apid application; four bytes count
 * @param ctid context; four bytes count. NULL is that of filters for any context
 * @param log_level level, or 0 for any
 * @param payload_min smallest payload
 * @param payload_max largest payload; 0 for any size
 * @param verbose other than 0 to log what is done
 * @return its number, or -1 if there is none or a pointer is NULL
 */
int dlt_filter_find(DltFilter *filter,
                    const char *apid,
                    const char *ctid,
                    int log_level,
                    int32_t payload_min,
                    int32_t payload_max,
                    int verbose);

/**
 * Add a filter, unless there is one already that covers it.
 *
 * @param filter filters
 * @param apid application; four bytes count, none for any
 * @param ctid context; four bytes count, none or NULL for any
 * @param log_level level, or 0 for any
 * @param payload_min smallest payload
 * @param payload_max largest payload; 0 for any size
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if there is such a
 *         filter already, or as many as can be
 */
DltReturnValue dlt_filter_add(DltFilter *filter,
                              const char *apid,
                              const char *ctid,
                              int log_level,
                              int32_t payload_min,
                              int32_t payload_max,
                              int verbose);

/**
 * Delete the first filter that is exactly this one.
 *
 * @param filter filters
 * @param apid application; four bytes count
 * @param ctid context; four bytes count
 * @param log_level level
 * @param payload_min smallest payload
 * @param payload_max largest payload
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if there is none
 */
DltReturnValue dlt_filter_delete(DltFilter *filter,
                                 const char *apid,
                                 const char *ctid,
                                 int log_level,
                                 int32_t payload_min,
                                 int32_t payload_max,
                                 int verbose);

/**
 * Initialise the structure of a file before it is used first.
 *
 * @param file file
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_file_init(DltFile *file, int verbose);

/**
 * Use filters for a file, or none. They stay the caller's and must outlive their use.
 *
 * @param file file
 * @param filter filters, or NULL
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for a file that is NULL
 */
DltReturnValue dlt_file_set_filter(DltFile *file, DltFilter *filter, int verbose);

/**
 * Open a file to be read. One that is open already is closed.
 *
 * @param file file of dlt_file_init()
 * @param filename path
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR if it cannot be
 *         opened
 */
DltReturnValue dlt_file_open(DltFile *file, const char *filename, int verbose);

/**
 * Close a file. Its index stays.
 *
 * @param file file
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_file_close(DltFile *file, int verbose);

/**
 * Close a file and free what belongs to it, not the structure itself.
 *
 * @param file file
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK, or DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_file_free(DltFile *file, int verbose);

/**
 * Read the next storage header and standard header into file->msg. What is no storage header is
 * skipped.
 *
 * @param file open file
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
 *         DLT_RETURN_ERROR at the end, or for a message that is shorter than its headers
 */
DltReturnValue dlt_file_read_header(DltFile *file, int verbose);

/**
 * Read a standard header without a storage header into file->msg, which gets a storage header with
 * the time of now.
 *
 * @param file open file
 * @param resync other than 0 to skip to the next serial header; 0 if there may be one
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
 *         DLT_RETURN_ERROR at the end, or for a message that is shorter than its headers
 */
DltReturnValue dlt_file_read_header_raw(DltFile *file, int resync, int verbose);

/**
 * Read the rest of the headers, after dlt_file_read_header().
 *
 * @param file open file
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
 *         DLT_RETURN_ERROR if the file ends too early
 */
DltReturnValue dlt_file_read_header_extended(DltFile *file, int verbose);

/**
 * Read the payload, after dlt_file_read_header_extended().
 *
 * @param file open file
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
 *         DLT_RETURN_ERROR if the file ends too early or there is no memory
 */
DltReturnValue dlt_file_read_data(DltFile *file, int verbose);

/**
 * Find the next message, and enter it in the index if the filters let it pass. Of the message
 * itself only headers are read; dlt_file_message() reads all of it. What is no message is skipped;
 * a message that is shorter than its headers is, too, and counted in file->error_messages.
 *
 * @param file open file
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_TRUE for a message that is in the index now; DLT_RETURN_OK for one that is
 *         not; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open; DLT_RETURN_ERROR at
 *         the end
 */
DltReturnValue dlt_file_read(DltFile *file, int verbose);

/**
 * Read the next message, without a storage header, and enter it in the index.
 *
 * @param file open file
 * @param resync other than 0 to skip to the next serial header; 0 if there may be one
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_TRUE; DLT_RETURN_WRONG_PARAMETER for NULL or a file that is not open;
 *         DLT_RETURN_ERROR at the end, or for a message that is not complete
 */
DltReturnValue dlt_file_read_raw(DltFile *file, int resync, int verbose);

/**
 * Read a message of the index into file->msg.
 *
 * @param file open file
 * @param index number of the message in the index, from 0 on
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, a file that is not open or a number
 *         that is not in the index; DLT_RETURN_ERROR if the message is not complete
 */
DltReturnValue dlt_file_message(DltFile *file, int index, int verbose);

/**
 * Write all messages that pass the filters to a file, as text, without an index.
 *
 * @param file open file
 * @param filename path of the file to be written
 * @param type how payloads are written: DLT_OUTPUT_ASCII and others
 * @param verbose other than 0 to log what is done
 * @return DLT_RETURN_OK at the end of the file; DLT_RETURN_WRONG_PARAMETER for NULL, a file that
 *         is not open or another type; DLT_RETURN_ERROR if a file cannot be written, or a message
 *         is not complete
 */
DltReturnValue dlt_file_quick_parsing(DltFile *file, const char *filename, int type, int verbose);

/**
 * Prepare a receiver. It has to be zeroed, or to have been prepared before; a buffer of the same
 * size is kept.
 *
 * @param receiver receiver
 * @param _fd descriptor to read from; stays the caller's
 * @param type kind of descriptor
 * @param _buffersize size of the buffer
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR without memory
 */
DltReturnValue dlt_receiver_init(DltReceiver *receiver,
                                 int _fd,
                                 DltReceiverType type,
                                 int _buffersize);

/**
 * Prepare a receiver that shares a buffer of DLT_RECEIVE_BUFSIZE bytes with others. What one of
 * them has left has to be kept by dlt_receiver_move_to_begin() before another receives.
 *
 * @param receiver receiver
 * @param fd descriptor to read from; stays the caller's
 * @param type kind of descriptor
 * @param buffer the buffer, to be freed by free(); allocated if it is NULL
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR without memory
 */
DltReturnValue dlt_receiver_init_global_buffer(DltReceiver *receiver,
                                               int fd,
                                               DltReceiverType type,
                                               char **buffer);

/**
 * Free a receiver's buffers. The descriptor stays open.
 *
 * @param receiver receiver
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_receiver_free(DltReceiver *receiver);

/**
 * Free what a receiver that shares a buffer has kept for itself. The buffer stays.
 *
 * @param receiver receiver
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL
 */
DltReturnValue dlt_receiver_free_global_buffer(DltReceiver *receiver);

/**
 * Receive once, behind what is left. Waits if the descriptor does.
 *
 * @param receiver receiver
 * @return number of bytes that are there now; 0 at the end, for a full buffer, or when nothing
 *         could be read, with `errno` set, and what was left is gone then; -1 for NULL or a
 *         receiver without a buffer
 */
int dlt_receiver_receive(DltReceiver *receiver);

/**
 * Say that bytes at the start have been used.
 *
 * @param receiver receiver
 * @param size number of bytes
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL, or where there are not that many or
 *         none, and then all are gone; DLT_RETURN_ERROR without a buffer
 */
DltReturnValue dlt_receiver_remove(DltReceiver *receiver, int size);

/**
 * Keep what is left for the next time that something is received.
 *
 * @param receiver receiver
 * @return DLT_RETURN_OK; DLT_RETURN_WRONG_PARAMETER for NULL; DLT_RETURN_ERROR without a buffer or
 *         without memory
 */
DltReturnValue dlt_receiver_move_to_begin(DltReceiver *receiver);

/**
 * Copy bytes from the start of what is there.
 *
 * @param receiver receiver
 * @param dest where to
 * @param to_get number of bytes
 * @param skip_header DLT_RCV_SKIP_HEADER to leave out the header in front of them, DLT_RCV_REMOVE
 *        to remove what was read
 * @return number of bytes; DLT_RETURN_WRONG_PARAMETER for NULL or where there are not that many;
 *         DLT_RETURN_ERROR when nothing could be removed
 */
int dlt_receiver_check_and_get(DltReceiver *receiver,
                               void *dest,
                               unsigned int to_get,
                               unsigned int skip_header);

/**
 * Set up a serial line for DLT: bytes as they are, eight bits, no parity.
 *
 * @param fd descriptor of the line
 * @param speed speed, as termios.h has it
 * @return DLT_RETURN_OK; DLT_RETURN_ERROR if it is no line or refuses
 */
DltReturnValue dlt_setup_serial(int fd, speed_t speed);

/**
 * Get the constant of termios.h for a speed.
 *
 * @param baudrate bits a second
 * @return constant; B115200 for a speed that has none
 */
speed_t dlt_convert_serial_speed(int baudrate);

/**
 * Read two bytes of a "get log info" answer's text as a number, the low one first. Each byte is two
 * hexadecimal digits and a blank.
 *
 * @param rp text
 * @param rp_count position in it; moved on by two bytes
 * @return number; -1 for NULL
 */
int16_t dlt_getloginfo_conv_ascii_to_uint16_t(char *rp, int *rp_count);

/**
 * Read a byte of a "get log info" answer's text as a number with a sign.
 *
 * @param rp text
 * @param rp_count position in it; moved on by one byte
 * @return number; -1 for NULL
 */
int16_t dlt_getloginfo_conv_ascii_to_int16_t(char *rp, int *rp_count);

/**
 * Read bytes of a "get log info" answer's text.
 *
 * @param rp text
 * @param rp_count position in it; moved on by `len` bytes
 * @param wp receives the bytes and a final NUL: room for one byte more than `len`
 * @param len number of bytes
 */
void dlt_getloginfo_conv_ascii_to_id(char *rp, int *rp_count, char *wp, int len);

/**
 * Read a description from a "get log info" answer's text, as dlt_getloginfo_conv_ascii_to_id().
 *
 * @param rp text
 * @param rp_count position in it; moved on by `len` bytes
 * @param wp receives the bytes and a final NUL: room for one byte more than `len`
 * @param len number of bytes
 */
void dlt_getloginfo_conv_ascii_to_string(char *rp, int *rp_count, char *wp, int len);

/**
 * Read bytes from hexadecimal text. What is no digit is skipped.
 *
 * @param ptr text
 * @param binary receives the bytes
 * @param size number of bytes that there is room for; receives the number of those that came
 */
void dlt_hex_ascii_to_binary(const char *ptr, uint8_t *binary, int *size);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DLT_COMMON_H */
