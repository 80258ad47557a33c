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

#ifdef __cplusplus
}
#endif


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

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DLT_COMMON_H */
