/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The macros that programs log with. They call what libdlt's own macros of 2.18.8 call, in the same
 * order: a program compiled with this header runs on either library.
 *
 * An argument macro is a call on log_local, the message being composed; a program may write its
 * own. Arguments are evaluated only if the level passes, from left to right.
 */
#ifndef DLT_USER_MACROS_H
#define DLT_USER_MACROS_H

#include <stdbool.h>

#include "dlt_types.h"
#include "dlt_version.h"

/* ------------------------------------------------------------------ contexts and application */

/* Define a context; at file scope or in a function, without a semicolon. */
#define DLT_DECLARE_CONTEXT(CONTEXT) DltContext CONTEXT;

/* Declare a context that is defined in another file. */
#define DLT_IMPORT_CONTEXT(CONTEXT) extern DltContext CONTEXT;

/* Register the application. */
#define DLT_REGISTER_APP(APPID, DESCRIPTION) \
    do { \
        (void)dlt_check_library_version(_DLT_PACKAGE_MAJOR_VERSION, _DLT_PACKAGE_MINOR_VERSION); \
        (void)dlt_register_app(APPID, DESCRIPTION); \
    } while (false)

/* Unregister the application. */
#define DLT_UNREGISTER_APP() \
    do { \
        (void)dlt_unregister_app(); \
    } while (false)

/* Deliver what is waiting, then unregister the application. */
#define DLT_UNREGISTER_APP_FLUSH_BUFFERED_LOGS() \
    do { \
        (void)dlt_unregister_app_flush_buffered_logs(); \
    } while (false)

/* Get the id of the application into an array of four bytes. */
#define DLT_GET_APPID(APPID) \
    do { \
        (void)dlt_get_appid(APPID); \
    } while (false)

/* Register a context. */
#define DLT_REGISTER_CONTEXT(CONTEXT, CONTEXTID, DESCRIPTION) \
    do { \
        (void)dlt_register_context(&(CONTEXT), CONTEXTID, DESCRIPTION); \
    } while (false)

/* Register a context with a log level and a trace status. */
#define DLT_REGISTER_CONTEXT_LL_TS(CONTEXT, CONTEXTID, DESCRIPTION, LOGLEVEL, TRACESTATUS) \
    do { \
        (void)dlt_register_context_ll_ts( \
            &(CONTEXT), CONTEXTID, DESCRIPTION, LOGLEVEL, TRACESTATUS); \
    } while (false)

/* Register a context and a function that is told of its log level. */
#define DLT_REGISTER_CONTEXT_LLCCB(CONTEXT, CONTEXTID, DESCRIPTION, CBK) \
    do { \
        (void)dlt_register_context_llccb(&(CONTEXT), CONTEXTID, DESCRIPTION, CBK); \
    } while (false)

/* Unregister a context. */
#define DLT_UNREGISTER_CONTEXT(CONTEXT) \
    do { \
        (void)dlt_unregister_context(&(CONTEXT)); \
    } while (false)

/* Have a function called when a message is injected. */
#define DLT_REGISTER_INJECTION_CALLBACK(CONTEXT, SERVICEID, CALLBACK) \
    do { \
        (void)dlt_register_injection_callback(&(CONTEXT), SERVICEID, CALLBACK); \
    } while (false)

/* Have a function called with a pointer of the caller's when a message is injected. */
#define DLT_REGISTER_INJECTION_CALLBACK_WITH_ID(CONTEXT, SERVICEID, CALLBACK, PRIV_DATA) \
    do { \
        (void)dlt_register_injection_callback_with_id(&(CONTEXT), SERVICEID, CALLBACK, PRIV_DATA); \
    } while (false)

/* Have a function called when the log level is set. */
#define DLT_REGISTER_LOG_LEVEL_CHANGED_CALLBACK(CONTEXT, CALLBACK) \
    do { \
        (void)dlt_register_log_level_changed_callback(&(CONTEXT), CALLBACK); \
    } while (false)

/* --------------------------------------------------------------------------------- messages */

/* Log a message: DLT_LOG(context, DLT_LOG_INFO, DLT_STRING("text"), DLT_INT(1)); */
#define DLT_LOG(CONTEXT, LOGLEVEL, ...) \
    do { \
        DltContextData log_local; \
        int dlt_local; \
        dlt_local = dlt_user_log_write_start(&CONTEXT, &log_local, LOGLEVEL); \
        if (dlt_local == DLT_RETURN_TRUE) { \
            __VA_ARGS__; \
            (void)dlt_user_log_write_finish(&log_local); \
        } \
    } while (false)

/* Log a message with a time stamp of the caller's, in units of 0.1 ms. */
#define DLT_LOG_TS(CONTEXT, LOGLEVEL, TIMESTAMP, ...) \
    do { \
        DltContextData log_local; \
        int dlt_local; \
        dlt_local = dlt_user_log_write_start(&CONTEXT, &log_local, LOGLEVEL); \
        if (dlt_local == DLT_RETURN_TRUE) { \
            __VA_ARGS__; \
            log_local.use_timestamp = DLT_USER_TIMESTAMP; \
            log_local.user_timestamp = (uint32_t)(TIMESTAMP); \
            (void)dlt_user_log_write_finish(&log_local); \
        } \
    } while (false)

/* Log a message with an id, which replaces type information in non-verbose mode. */
#define DLT_LOG_ID(CONTEXT, LOGLEVEL, MSGID, ...) \
    do { \
        DltContextData log_local; \
        int dlt_local; \
        dlt_local = dlt_user_log_write_start_id(&CONTEXT, &log_local, LOGLEVEL, MSGID); \
        if (dlt_local == DLT_RETURN_TRUE) { \
            __VA_ARGS__; \
            (void)dlt_user_log_write_finish(&log_local); \
        } \
    } while (false)

/* Log a message with an id and a time stamp of the caller's. */
#define DLT_LOG_ID_TS(CONTEXT, LOGLEVEL, MSGID, TIMESTAMP, ...) \
    do { \
        DltContextData log_local; \
        int dlt_local; \
        dlt_local = dlt_user_log_write_start_id(&CONTEXT, &log_local, LOGLEVEL, MSGID); \
        if (dlt_local == DLT_RETURN_TRUE) { \
            __VA_ARGS__; \
            log_local.use_timestamp = DLT_USER_TIMESTAMP; \
            log_local.user_timestamp = (uint32_t)(TIMESTAMP); \
            (void)dlt_user_log_write_finish(&log_local); \
        } \
    } while (false)

/* -------------------------------------------------------------------------------- arguments */

/* Text up to its NUL, and text of a given length. */
#define DLT_STRING(TEXT) (void)dlt_user_log_write_string(&log_local, TEXT)
#define DLT_SIZED_STRING(TEXT, LEN) (void)dlt_user_log_write_sized_string(&log_local, TEXT, LEN)
#define DLT_UTF8(TEXT) (void)dlt_user_log_write_utf8_string(&log_local, TEXT)
#define DLT_SIZED_UTF8(TEXT, LEN) (void)dlt_user_log_write_sized_utf8_string(&log_local, TEXT, LEN)

/* Text that is left out of messages without type information. */
#define DLT_CSTRING(TEXT) (void)dlt_user_log_write_constant_string(&log_local, TEXT)
#define DLT_SIZED_CSTRING(TEXT, LEN) \
    (void)dlt_user_log_write_sized_constant_string(&log_local, TEXT, LEN)
#define DLT_CUTF8(TEXT) (void)dlt_user_log_write_constant_utf8_string(&log_local, TEXT)
#define DLT_SIZED_CUTF8(TEXT, LEN) \
    (void)dlt_user_log_write_sized_constant_utf8_string(&log_local, TEXT, LEN)

/* Text with a name. */
#define DLT_STRING_ATTR(TEXT, NAME) (void)dlt_user_log_write_string_attr(&log_local, TEXT, NAME)
#define DLT_SIZED_STRING_ATTR(TEXT, LEN, NAME) \
    (void)dlt_user_log_write_sized_string_attr(&log_local, TEXT, LEN, NAME)
#define DLT_UTF8_ATTR(TEXT, NAME) (void)dlt_user_log_write_utf8_string_attr(&log_local, TEXT, NAME)
#define DLT_SIZED_UTF8_ATTR(TEXT, LEN, NAME) \
    (void)dlt_user_log_write_sized_utf8_string_attr(&log_local, TEXT, LEN, NAME)
#define DLT_CSTRING_ATTR(TEXT, NAME) \
    (void)dlt_user_log_write_constant_string_attr(&log_local, TEXT, NAME)
#define DLT_SIZED_CSTRING_ATTR(TEXT, LEN, NAME) \
    (void)dlt_user_log_write_sized_constant_string_attr(&log_local, TEXT, LEN, NAME)
#define DLT_CUTF8_ATTR(TEXT, NAME) \
    (void)dlt_user_log_write_constant_utf8_string_attr(&log_local, TEXT, NAME)
#define DLT_SIZED_CUTF8_ATTR(TEXT, LEN, NAME) \
    (void)dlt_user_log_write_sized_constant_utf8_string_attr(&log_local, TEXT, LEN, NAME)

/* Values. */
#define DLT_BOOL(BOOL_VAR) (void)dlt_user_log_write_bool(&log_local, BOOL_VAR)
#define DLT_FLOAT32(FLOAT32_VAR) (void)dlt_user_log_write_float32(&log_local, FLOAT32_VAR)
#define DLT_FLOAT64(FLOAT64_VAR) (void)dlt_user_log_write_float64(&log_local, FLOAT64_VAR)
#define DLT_INT(INT_VAR) (void)dlt_user_log_write_int(&log_local, INT_VAR)
#define DLT_INT8(INT8_VAR) (void)dlt_user_log_write_int8(&log_local, INT8_VAR)
#define DLT_INT16(INT16_VAR) (void)dlt_user_log_write_int16(&log_local, INT16_VAR)
#define DLT_INT32(INT32_VAR) (void)dlt_user_log_write_int32(&log_local, INT32_VAR)
#define DLT_INT64(INT64_VAR) (void)dlt_user_log_write_int64(&log_local, INT64_VAR)
#define DLT_UINT(UINT_VAR) (void)dlt_user_log_write_uint(&log_local, UINT_VAR)
#define DLT_UINT8(UINT8_VAR) (void)dlt_user_log_write_uint8(&log_local, UINT8_VAR)
#define DLT_UINT16(UINT16_VAR) (void)dlt_user_log_write_uint16(&log_local, UINT16_VAR)
#define DLT_UINT32(UINT32_VAR) (void)dlt_user_log_write_uint32(&log_local, UINT32_VAR)
#define DLT_UINT64(UINT64_VAR) (void)dlt_user_log_write_uint64(&log_local, UINT64_VAR)

/* Values with a name, and a unit. */
#define DLT_BOOL_ATTR(BOOL_VAR, NAME) (void)dlt_user_log_write_bool_attr(&log_local, BOOL_VAR, NAME)
#define DLT_FLOAT32_ATTR(FLOAT32_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_float32_attr(&log_local, FLOAT32_VAR, NAME, UNIT)
#define DLT_FLOAT64_ATTR(FLOAT64_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_float64_attr(&log_local, FLOAT64_VAR, NAME, UNIT)
#define DLT_INT_ATTR(INT_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_int_attr(&log_local, INT_VAR, NAME, UNIT)
#define DLT_INT8_ATTR(INT8_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_int8_attr(&log_local, INT8_VAR, NAME, UNIT)
#define DLT_INT16_ATTR(INT16_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_int16_attr(&log_local, INT16_VAR, NAME, UNIT)
#define DLT_INT32_ATTR(INT32_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_int32_attr(&log_local, INT32_VAR, NAME, UNIT)
#define DLT_INT64_ATTR(INT64_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_int64_attr(&log_local, INT64_VAR, NAME, UNIT)
#define DLT_UINT_ATTR(UINT_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_uint_attr(&log_local, UINT_VAR, NAME, UNIT)
#define DLT_UINT8_ATTR(UINT8_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_uint8_attr(&log_local, UINT8_VAR, NAME, UNIT)
#define DLT_UINT16_ATTR(UINT16_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_uint16_attr(&log_local, UINT16_VAR, NAME, UNIT)
#define DLT_UINT32_ATTR(UINT32_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_uint32_attr(&log_local, UINT32_VAR, NAME, UNIT)
#define DLT_UINT64_ATTR(UINT64_VAR, NAME, UNIT) \
    (void)dlt_user_log_write_uint64_attr(&log_local, UINT64_VAR, NAME, UNIT)

/* Bytes, and an address. */
#define DLT_RAW(BUF, LEN) (void)dlt_user_log_write_raw(&log_local, BUF, LEN)
#define DLT_RAW_ATTR(BUF, LEN, NAME) (void)dlt_user_log_write_raw_attr(&log_local, BUF, LEN, NAME)
#define DLT_PTR(PTR_VAR) (void)dlt_user_log_write_ptr(&log_local, PTR_VAR)

/* Values that a viewer shows in hexadecimal, and in binary. */
#define DLT_HEX8(UINT8_VAR) \
    (void)dlt_user_log_write_uint8_formatted(&log_local, UINT8_VAR, DLT_FORMAT_HEX8)
#define DLT_HEX16(UINT16_VAR) \
    (void)dlt_user_log_write_uint16_formatted(&log_local, UINT16_VAR, DLT_FORMAT_HEX16)
#define DLT_HEX32(UINT32_VAR) \
    (void)dlt_user_log_write_uint32_formatted(&log_local, UINT32_VAR, DLT_FORMAT_HEX32)
#define DLT_HEX64(UINT64_VAR) \
    (void)dlt_user_log_write_uint64_formatted(&log_local, UINT64_VAR, DLT_FORMAT_HEX64)
#define DLT_BIN8(UINT8_VAR) \
    (void)dlt_user_log_write_uint8_formatted(&log_local, UINT8_VAR, DLT_FORMAT_BIN8)
#define DLT_BIN16(UINT16_VAR) \
    (void)dlt_user_log_write_uint16_formatted(&log_local, UINT16_VAR, DLT_FORMAT_BIN16)

/* -------------------------------------------------------------- messages with one call each */

#define DLT_LOG_STRING(CONTEXT, LOGLEVEL, TEXT) \
    do { \
        if (dlt_user_is_logLevel_enabled(&CONTEXT, LOGLEVEL) == DLT_RETURN_TRUE) \
            (void)dlt_log_string(&(CONTEXT), LOGLEVEL, TEXT); \
    } while (false)

#define DLT_LOG_STRING_INT(CONTEXT, LOGLEVEL, TEXT, INT_VAR) \
    do { \
        if (dlt_user_is_logLevel_enabled(&CONTEXT, LOGLEVEL) == DLT_RETURN_TRUE) \
            (void)dlt_log_string_int(&(CONTEXT), LOGLEVEL, TEXT, INT_VAR); \
    } while (false)

#define DLT_LOG_STRING_UINT(CONTEXT, LOGLEVEL, TEXT, UINT_VAR) \
    do { \
        if (dlt_user_is_logLevel_enabled(&CONTEXT, LOGLEVEL) == DLT_RETURN_TRUE) \
            (void)dlt_log_string_uint(&(CONTEXT), LOGLEVEL, TEXT, UINT_VAR); \
    } while (false)

#define DLT_LOG_INT(CONTEXT, LOGLEVEL, INT_VAR) \
    do { \
        if (dlt_user_is_logLevel_enabled(&CONTEXT, LOGLEVEL) == DLT_RETURN_TRUE) \
            (void)dlt_log_int(&(CONTEXT), LOGLEVEL, INT_VAR); \
    } while (false)

#define DLT_LOG_UINT(CONTEXT, LOGLEVEL, UINT_VAR) \
    do { \
        if (dlt_user_is_logLevel_enabled(&CONTEXT, LOGLEVEL) == DLT_RETURN_TRUE) \
            (void)dlt_log_uint(&(CONTEXT), LOGLEVEL, UINT_VAR); \
    } while (false)

#define DLT_LOG_RAW(CONTEXT, LOGLEVEL, BUF, LEN) \
    do { \
        if (dlt_user_is_logLevel_enabled(&CONTEXT, LOGLEVEL) == DLT_RETURN_TRUE) \
            (void)dlt_log_raw(&(CONTEXT), LOGLEVEL, BUF, LEN); \
    } while (false)

/* Whether a message of this level would be sent: an expression. */
#define DLT_IS_LOG_LEVEL_ENABLED(CONTEXT, LOGLEVEL) \
    (dlt_user_is_logLevel_enabled(&CONTEXT, LOGLEVEL) == DLT_RETURN_TRUE)

/* ---------------------------------------------------------------------------- network trace */

#define DLT_TRACE_NETWORK(CONTEXT, TYPE, HEADERLEN, HEADER, PAYLOADLEN, PAYLOAD) \
    do { \
        if ((CONTEXT).trace_status_ptr && \
            *((CONTEXT).trace_status_ptr) == DLT_TRACE_STATUS_ON) \
            (void)dlt_user_trace_network( \
                &(CONTEXT), TYPE, HEADERLEN, HEADER, PAYLOADLEN, PAYLOAD); \
    } while (false)

#define DLT_TRACE_NETWORK_TRUNCATED(CONTEXT, TYPE, HEADERLEN, HEADER, PAYLOADLEN, PAYLOAD) \
    do { \
        if ((CONTEXT).trace_status_ptr && \
            *((CONTEXT).trace_status_ptr) == DLT_TRACE_STATUS_ON) \
            (void)dlt_user_trace_network_truncated( \
                &(CONTEXT), TYPE, HEADERLEN, HEADER, PAYLOADLEN, PAYLOAD, 1); \
    } while (false)

#define DLT_TRACE_NETWORK_SEGMENTED(CONTEXT, TYPE, HEADERLEN, HEADER, PAYLOADLEN, PAYLOAD) \
    do { \
        if ((CONTEXT).trace_status_ptr && \
            *((CONTEXT).trace_status_ptr) == DLT_TRACE_STATUS_ON) \
            (void)dlt_user_trace_network_segmented( \
                &(CONTEXT), TYPE, HEADERLEN, HEADER, PAYLOADLEN, PAYLOAD); \
    } while (false)

/* --------------------------------------------------------------------------------- settings */

/* Have the daemon put a marker message into its log. */
#define DLT_LOG_MARKER() \
    do { \
        (void)dlt_log_marker(); \
    } while (false)

/* Send messages with type information. */
#define DLT_VERBOSE_MODE() \
    do { \
        (void)dlt_verbose_mode(); \
    } while (false)

/* Send messages that have an id without type information. */
#define DLT_NONVERBOSE_MODE() \
    do { \
        (void)dlt_nonverbose_mode(); \
    } while (false)

/* Set the log level and the trace status of all contexts. */
#define DLT_SET_APPLICATION_LL_TS_LIMIT(LOGLEVEL, TRACESTATUS) \
    do { \
        (void)dlt_set_application_ll_ts_limit(LOGLEVEL, TRACESTATUS); \
    } while (false)

/* Also print messages on standard output. */
#define DLT_ENABLE_LOCAL_PRINT() \
    do { \
        (void)dlt_enable_local_print(); \
    } while (false)

/* Stop printing messages on standard output. */
#define DLT_DISABLE_LOCAL_PRINT() \
    do { \
        (void)dlt_disable_local_print(); \
    } while (false)

#endif
