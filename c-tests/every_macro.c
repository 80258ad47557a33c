/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Uses every macro that programs log with. Compiled with this library's headers and with those of
 * libdlt 2.18.8, it must call the same functions.
 */
#include <dlt/dlt.h>
#include <dlt/dlt_common_api.h>
#include <stddef.h>

DLT_DECLARE_CONTEXT(defined_here)
DLT_IMPORT_CONTEXT(defined_here)

static int injected(uint32_t service, void *data, uint32_t length)
{
    (void)service;
    (void)data;
    return (int)length;
}

static int injected_with_id(uint32_t service, void *data, uint32_t length, void *priv)
{
    (void)priv;
    return injected(service, data, length);
}

static void level_changed(char *context, uint8_t level, uint8_t trace)
{
    (void)context;
    (void)level;
    (void)trace;
}

static void registration(char *id)
{
    DLT_REGISTER_APP("MACR", "every macro");
    DLT_GET_APPID(id);
    DLT_REGISTER_CONTEXT(defined_here, "CTX", "context");
    DLT_REGISTER_CONTEXT_APP(defined_here, "CTX", "MACR", "context");
    DLT_REGISTER_CONTEXT_LL_TS(defined_here, "CTX", "context", DLT_LOG_INFO, DLT_TRACE_STATUS_ON);
    DLT_REGISTER_CONTEXT_LLCCB(defined_here, "CTX", "context", level_changed);
    DLT_REGISTER_INJECTION_CALLBACK(defined_here, 0x1000, injected);
    DLT_REGISTER_INJECTION_CALLBACK_WITH_ID(defined_here, 0x1001, injected_with_id, id);
    DLT_REGISTER_LOG_LEVEL_CHANGED_CALLBACK(defined_here, level_changed);
}

static void settings(void)
{
    DLT_VERBOSE_MODE();
    DLT_NONVERBOSE_MODE();
    DLT_VERBOSE_MODE();
    DLT_SET_APPLICATION_LL_TS_LIMIT(DLT_LOG_VERBOSE, DLT_TRACE_STATUS_ON);
    DLT_ENABLE_LOCAL_PRINT();
    DLT_DISABLE_LOCAL_PRINT();
    DLT_LOG_MARKER();
}

static void numbers(DltContext *context)
{
    DLT_LOG(*context, DLT_LOG_INFO, DLT_BOOL(1), DLT_INT(-1), DLT_INT8(-8), DLT_INT16(-16),
            DLT_INT32(-32), DLT_INT64(-64), DLT_UINT(1u), DLT_UINT8(8), DLT_UINT16(16),
            DLT_UINT32(32), DLT_UINT64(64), DLT_FLOAT32(1.5f), DLT_FLOAT64(2.5));
    DLT_LOG(*context, DLT_LOG_INFO, DLT_HEX8(8), DLT_HEX16(16), DLT_HEX32(32), DLT_HEX64(64),
            DLT_BIN8(8), DLT_BIN16(16), DLT_PTR(context));
    DLT_LOG(*context, DLT_LOG_INFO, DLT_BOOL_ATTR(1, "name"), DLT_INT_ATTR(-1, "name", "unit"),
            DLT_INT8_ATTR(-8, "name", "unit"), DLT_INT16_ATTR(-16, "name", "unit"),
            DLT_INT32_ATTR(-32, "name", "unit"), DLT_INT64_ATTR(-64, "name", "unit"),
            DLT_UINT_ATTR(1u, "name", "unit"), DLT_UINT8_ATTR(8, "name", "unit"),
            DLT_UINT16_ATTR(16, "name", "unit"), DLT_UINT32_ATTR(32, "name", "unit"),
            DLT_UINT64_ATTR(64, "name", "unit"), DLT_FLOAT32_ATTR(1.5f, "name", "unit"),
            DLT_FLOAT64_ATTR(2.5, "name", "unit"));
}

static void texts(DltContext *context, char *bytes)
{
    DLT_LOG(*context, DLT_LOG_INFO, DLT_STRING("text"), DLT_SIZED_STRING("text", 2),
            DLT_CSTRING("text"), DLT_SIZED_CSTRING("text", 2), DLT_UTF8("text"),
            DLT_SIZED_UTF8("text", 2), DLT_CUTF8("text"), DLT_SIZED_CUTF8("text", 2),
            DLT_RAW(bytes, 4));
    DLT_LOG(*context, DLT_LOG_INFO, DLT_STRING_ATTR("text", "name"),
            DLT_SIZED_STRING_ATTR("text", 2, "name"), DLT_CSTRING_ATTR("text", "name"),
            DLT_SIZED_CSTRING_ATTR("text", 2, "name"), DLT_UTF8_ATTR("text", "name"),
            DLT_CUTF8_ATTR("text", "name"), DLT_SIZED_CUTF8_ATTR("text", 2, "name"),
            DLT_RAW_ATTR(bytes, 4, "name"));
#ifdef OURS
    /* libdlt's own definition of this one does not compile. */
    DLT_LOG(*context, DLT_LOG_INFO, DLT_SIZED_UTF8_ATTR("text", 2, "name"));
#else
    DLT_LOG(*context, DLT_LOG_INFO,
            (void)dlt_user_log_write_sized_utf8_string_attr(&log_local, "text", 2, "name"));
#endif
}

static void messages(char *bytes)
{
    DLT_LOG(defined_here, DLT_LOG_INFO, DLT_STRING("separated by"); DLT_STRING("semicolons"));
    DLT_LOG_TS(defined_here, DLT_LOG_INFO, 4711, DLT_STRING("time stamp"));
    DLT_LOG_ID(defined_here, DLT_LOG_INFO, 42, DLT_STRING("id"));
    DLT_LOG_ID_TS(defined_here, DLT_LOG_INFO, 42, 4711, DLT_STRING("id and time stamp"));
    DLT_LOG_STRING(defined_here, DLT_LOG_INFO, "text");
    DLT_LOG_STRING_INT(defined_here, DLT_LOG_INFO, "text", -1);
    DLT_LOG_STRING_UINT(defined_here, DLT_LOG_INFO, "text", 1u);
    DLT_LOG_INT(defined_here, DLT_LOG_INFO, -1);
    DLT_LOG_UINT(defined_here, DLT_LOG_INFO, 1u);
    DLT_LOG_RAW(defined_here, DLT_LOG_INFO, bytes, 4);
    if (DLT_IS_LOG_LEVEL_ENABLED(defined_here, DLT_LOG_INFO))
        DLT_LOG(defined_here, DLT_LOG_INFO, DLT_STRING("enabled"));
    else
        DLT_LOG(defined_here, DLT_LOG_INFO, DLT_STRING("disabled"));
    DLT_TRACE_NETWORK(defined_here, DLT_NW_TRACE_CAN, 4, bytes, 4, bytes);
    DLT_TRACE_NETWORK_TRUNCATED(defined_here, DLT_NW_TRACE_CAN, 4, bytes, 4, bytes);
    DLT_TRACE_NETWORK_SEGMENTED(defined_here, DLT_NW_TRACE_CAN, 4, bytes, 4, bytes);
}

static void portable(void)
{
#define I DLT_INT(1)
    DLT_LOG1(defined_here, DLT_LOG_INFO, I);
    DLT_LOG8(defined_here, DLT_LOG_INFO, I, I, I, I, I, I, I, I);
    DLT_LOG16(defined_here, DLT_LOG_INFO, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I);
    DLT_LOG_ID1(defined_here, DLT_LOG_INFO, 42, I);
    DLT_LOG_ID8(defined_here, DLT_LOG_INFO, 42, I, I, I, I, I, I, I, I);
    DLT_LOG_ID16(defined_here, DLT_LOG_INFO, 42, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I, I);
#undef I
}

int main(void)
{
    char bytes[4] = {0, 1, 2, 3};

    registration(bytes);
    settings();
    numbers(&defined_here);
    texts(&defined_here, bytes);
    messages(bytes);
    portable();
    DLT_UNREGISTER_CONTEXT(defined_here);
    DLT_UNREGISTER_APP_FLUSH_BUFFERED_LOGS();
    DLT_UNREGISTER_APP();
    return 0;
}
