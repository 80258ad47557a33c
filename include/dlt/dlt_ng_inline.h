/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Logging calls that are compiled into the program: with DLT_NG_INLINE defined, <dlt.h> includes
 * this header, and a message with numbers and short strings makes one call of the library, at its
 * end.
 *
 * Nothing changes in the sources. A program compiled so still runs on the original libdlt, where
 * every call goes to the library as before: which library it is, a weak symbol decides when the
 * first message is logged.
 *
 * The message is put together in DltContextData itself, which is longer for that. What does not
 * fit, and what has names or formats, is left to the library, which takes the message over.
 */
#ifndef DLT_NG_INLINE_H
#define DLT_NG_INLINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dlt_user.h"

#ifndef DLT_NG_SPACE
#error "define DLT_NG_INLINE before the first header of DLT is included"
#endif

#ifdef __cplusplus
extern "C" {
#endif

extern const uint32_t *dlt_ng_local_limit(void) __attribute__((weak));

/* trace_status of a message that is in its own structure: the sign, the room there, and "verbose" */
#define DLT_NG_LOCAL ((int32_t)(0x80000001u | (uint32_t)DLT_NG_SPACE << 2))

/* Whether messages may be put together here now. */
static inline int dlt_ng_may_be_local(void)
{
    static const uint32_t none = 0;
    static const uint32_t *limit = NULL;
    const uint32_t *known = __atomic_load_n(&limit, __ATOMIC_RELAXED);
    if (__builtin_expect(known == NULL, 0)) {
        known = dlt_ng_local_limit != NULL ? dlt_ng_local_limit() : &none;
        __atomic_store_n(&limit, known, __ATOMIC_RELAXED);
    }
    return __atomic_load_n(known, __ATOMIC_RELAXED) >= DLT_NG_SPACE;
}

static inline DltReturnValue dlt_ng_start(DltContext *handle, DltContextData *log,
                                          DltLogLevelType loglevel)
{
    if (handle == NULL || log == NULL || handle->log_level_ptr == NULL ||
        (int)loglevel < (int)DLT_LOG_FATAL || (int)loglevel >= (int)DLT_LOG_MAX)
        return dlt_user_log_write_start(handle, log, loglevel);
    if ((int)loglevel > (int)*(volatile int8_t *)handle->log_level_ptr) {
        log->handle = NULL;
        log->trace_status = 0;
        return DLT_RETURN_OK;
    }
    if (__builtin_expect(!dlt_ng_may_be_local(), 0))
        return dlt_user_log_write_start(handle, log, loglevel);
    log->handle = handle;
    log->buffer = NULL;
    log->size = 0;
    log->log_level = (int32_t)loglevel;
    log->trace_status = DLT_NG_LOCAL;
    log->args_num = 0;
    log->context_description = NULL;
    log->use_timestamp = DLT_AUTO_TIMESTAMP;
    log->user_timestamp = 0;
    return DLT_RETURN_TRUE;
}

/* Whether `length` more bytes of arguments fit into the structure. */
static inline int dlt_ng_fits(const DltContextData *log, size_t length)
{
    return __builtin_expect(length <= DLT_NG_SPACE && log != NULL && log->trace_status == DLT_NG_LOCAL &&
           (size_t)(uint32_t)log->size <= DLT_NG_SPACE - length, 1);
}

/* The payload is written last but for what counts it: to the compiler it may lie anywhere, so nothing
 * would be known of these fields behind it, and every argument would wait for the one before. */
static inline DltReturnValue dlt_ng_count(DltContextData *log, int32_t size, int32_t arguments)
{
    log->size = size;
    log->args_num = arguments + 1;
    log->trace_status = DLT_NG_LOCAL;
    return DLT_RETURN_OK;
}

static inline DltReturnValue dlt_ng_put(DltContextData *log, uint32_t type_info, const void *value,
                                        size_t length)
{
    int32_t size = log->size, arguments = log->args_num;
    unsigned char *to = log->dlt_ng_space + size;
    memcpy(to, &type_info, sizeof(type_info));
    memcpy(to + sizeof(type_info), value, length);
    return dlt_ng_count(log, size + (int32_t)(sizeof(type_info) + length), arguments);
}

static inline DltReturnValue dlt_ng_put_sized(DltContextData *log, uint32_t type_info,
                                              const void *data, size_t length, size_t extra)
{
    int32_t size = log->size, arguments = log->args_num;
    unsigned char *to = log->dlt_ng_space + size;
    uint16_t said = (uint16_t)(length + extra);
    memcpy(to, &type_info, sizeof(type_info));
    memcpy(to + 4, &said, sizeof(said));
    memcpy(to + 6, data, length);
    if (extra != 0)
        to[6 + length] = 0;
    return dlt_ng_count(log, size + (int32_t)(6 + length + extra), arguments);
}

#define DLT_NG_NUMBER(name, type, type_info)                                          \
    static inline DltReturnValue dlt_ng_write_##name(DltContextData *log, type data)  \
    {                                                                                 \
        if (!dlt_ng_fits(log, 4 + sizeof(data)))                                      \
            return dlt_user_log_write_##name(log, data);                              \
        return dlt_ng_put(log, type_info, &data, sizeof(data));                       \
    }

DLT_NG_NUMBER(bool, uint8_t, 0x11)
DLT_NG_NUMBER(int, int, 0x23)
DLT_NG_NUMBER(int8, int8_t, 0x21)
DLT_NG_NUMBER(int16, int16_t, 0x22)
DLT_NG_NUMBER(int32, int32_t, 0x23)
DLT_NG_NUMBER(int64, int64_t, 0x24)
DLT_NG_NUMBER(uint, unsigned int, 0x43)
DLT_NG_NUMBER(uint8, uint8_t, 0x41)
DLT_NG_NUMBER(uint16, uint16_t, 0x42)
DLT_NG_NUMBER(uint32, uint32_t, 0x43)
DLT_NG_NUMBER(uint64, uint64_t, 0x44)
DLT_NG_NUMBER(float32, float32_t, 0x83)
DLT_NG_NUMBER(float64, double, 0x84)

#undef DLT_NG_NUMBER

static inline DltReturnValue dlt_ng_write_ptr(DltContextData *log, void *data)
{
    uint64_t address = (uint64_t)(uintptr_t)data;
    if (!dlt_ng_fits(log, 4 + sizeof(address)))
        return dlt_user_log_write_ptr(log, data);
    return dlt_ng_put(log, 0x10044, &address, sizeof(address));
}

#define DLT_NG_TEXT(name, type_info)                                                         \
    static inline DltReturnValue dlt_ng_write_##name(DltContextData *log, const char *text)  \
    {                                                                                        \
        size_t length = text != NULL ? strlen(text) : DLT_NG_SPACE;                          \
        if (!dlt_ng_fits(log, 4 + 2 + length + 1))                                           \
            return dlt_user_log_write_##name(log, text);                                     \
        return dlt_ng_put_sized(log, type_info, text, length, 1);                            \
    }

DLT_NG_TEXT(string, 0x200)
DLT_NG_TEXT(constant_string, 0x200)
DLT_NG_TEXT(utf8_string, 0x8200)
DLT_NG_TEXT(constant_utf8_string, 0x8200)

#undef DLT_NG_TEXT

static inline DltReturnValue dlt_ng_write_raw(DltContextData *log, const void *data,
                                              uint16_t length)
{
    if (data == NULL || !dlt_ng_fits(log, (size_t)4 + 2 + length))
        return dlt_user_log_write_raw(log, (void *)(uintptr_t)data, length);
    return dlt_ng_put_sized(log, 0x400, data, length, 0);
}

#ifdef __cplusplus
}
#endif

#define dlt_user_log_write_start(handle, log, loglevel) dlt_ng_start((handle), (log), (loglevel))
#define dlt_user_log_write_bool(log, data) dlt_ng_write_bool((log), (data))
#define dlt_user_log_write_int(log, data) dlt_ng_write_int((log), (data))
#define dlt_user_log_write_int8(log, data) dlt_ng_write_int8((log), (data))
#define dlt_user_log_write_int16(log, data) dlt_ng_write_int16((log), (data))
#define dlt_user_log_write_int32(log, data) dlt_ng_write_int32((log), (data))
#define dlt_user_log_write_int64(log, data) dlt_ng_write_int64((log), (data))
#define dlt_user_log_write_uint(log, data) dlt_ng_write_uint((log), (data))
#define dlt_user_log_write_uint8(log, data) dlt_ng_write_uint8((log), (data))
#define dlt_user_log_write_uint16(log, data) dlt_ng_write_uint16((log), (data))
#define dlt_user_log_write_uint32(log, data) dlt_ng_write_uint32((log), (data))
#define dlt_user_log_write_uint64(log, data) dlt_ng_write_uint64((log), (data))
#define dlt_user_log_write_float32(log, data) dlt_ng_write_float32((log), (data))
#define dlt_user_log_write_float64(log, data) dlt_ng_write_float64((log), (data))
#define dlt_user_log_write_ptr(log, data) dlt_ng_write_ptr((log), (data))
#define dlt_user_log_write_string(log, text) dlt_ng_write_string((log), (text))
#define dlt_user_log_write_constant_string(log, text) dlt_ng_write_constant_string((log), (text))
#define dlt_user_log_write_utf8_string(log, text) dlt_ng_write_utf8_string((log), (text))
#define dlt_user_log_write_constant_utf8_string(log, text) \
    dlt_ng_write_constant_utf8_string((log), (text))
#define dlt_user_log_write_raw(log, data, length) dlt_ng_write_raw((log), (data), (length))

#endif
