/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Sends by the C interface what the Rust side of tests/behaviour/rust.rs sends by the Rust one, in
 * the same order: `messages`, or a `count` of them that fill the memory for messages.
 */
#include <dlt/dlt.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

DLT_DECLARE_CONTEXT(one)
DLT_DECLARE_CONTEXT(two)

enum { LONG = 1500 };

static void numbers(void)
{
    DLT_LOG(one, DLT_LOG_INFO, DLT_INT8(-8), DLT_INT16(-16), DLT_INT32(-32), DLT_INT64(-64));
    DLT_LOG(one, DLT_LOG_WARN, DLT_UINT8(8), DLT_UINT16(16), DLT_UINT32(32), DLT_UINT64(64));
    DLT_LOG(one, DLT_LOG_DEBUG, DLT_FLOAT32(0.5f), DLT_FLOAT64(-0.25), DLT_BOOL(1), DLT_BOOL(0));
    DLT_LOG(two, DLT_LOG_FATAL, DLT_INT64(INT64_MIN), DLT_UINT64(UINT64_MAX));
    DLT_LOG(two, DLT_LOG_ERROR, DLT_HEX8(0xab), DLT_HEX16(0xabcd), DLT_HEX32(0xabcdef01),
            DLT_HEX64(0xabcdef0123456789), DLT_BIN8(0x5a), DLT_BIN16(0x5aa5));
    DLT_LOG(one, DLT_LOG_VERBOSE, DLT_INT8_ATTR(-8, "a", "km"), DLT_INT16_ATTR(-16, "b", "km"),
            DLT_INT32_ATTR(-32, "c", "km"), DLT_INT64_ATTR(-64, "d", "km"));
    DLT_LOG(one, DLT_LOG_INFO, DLT_UINT8_ATTR(8, "a", "s"), DLT_UINT16_ATTR(16, "b", "s"),
            DLT_UINT32_ATTR(32, "c", "s"), DLT_UINT64_ATTR(64, "d", "s"));
    DLT_LOG(one, DLT_LOG_INFO, DLT_UTF8("text"), DLT_INT32(7),
            DLT_FLOAT64_ATTR(3.5, "speed", "km/h"));
    DLT_LOG(one, DLT_LOG_INFO, DLT_FLOAT32_ATTR(1.5f, "name", NULL), DLT_BOOL_ATTR(1, "on"),
            DLT_INT32_ATTR(4, NULL, "bar"));
}

static void texts_and_bytes(void)
{
    char longer[LONG + 1];
    uint8_t bytes[256];
    for (int i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    memset(longer, 'x', LONG);
    longer[LONG] = '\0';
    DLT_LOG(two, DLT_LOG_INFO, DLT_UTF8("gr\xc3\xbc\xc3\x9f"), DLT_STRING("plain"), DLT_UTF8(""));
    DLT_LOG(two, DLT_LOG_INFO, DLT_UTF8_ATTR("value", "name"), DLT_STRING_ATTR("value", "name"));
    DLT_LOG(two, DLT_LOG_INFO, DLT_UTF8(longer));
    DLT_LOG(two, DLT_LOG_INFO, DLT_UTF8("short"), DLT_UTF8_ATTR(longer, "name"));
    DLT_LOG(two, DLT_LOG_INFO, DLT_RAW(bytes, 256), DLT_RAW_ATTR(bytes, 16, "name"));
    DLT_LOG(two, DLT_LOG_INFO, DLT_RAW(bytes, 0), DLT_PTR((void *)0x1234));
    /* Nothing of it fits, then something does. */
    DLT_LOG(two, DLT_LOG_INFO, DLT_RAW(longer, LONG), DLT_INT32(1));
    DLT_LOG_TS(two, DLT_LOG_INFO, 4711, DLT_UTF8("then"));
}

static void identified(void)
{
    DLT_LOG_ID(one, DLT_LOG_INFO, 1001, DLT_CUTF8("door"), DLT_UINT8(2));
    DLT_NONVERBOSE_MODE();
    DLT_LOG_ID(one, DLT_LOG_INFO, 1001, DLT_CUTF8("door"), DLT_UINT8(2), DLT_UTF8("open"));
    DLT_LOG_ID(one, DLT_LOG_WARN, 1002, DLT_UINT32_ATTR(5, "name", "unit"), DLT_BOOL(1));
    DLT_LOG(one, DLT_LOG_INFO, DLT_UTF8("with types"));
    DLT_VERBOSE_MODE();
}

static void traces(void)
{
    char header[16], payload[3000];
    memset(header, 'h', sizeof header);
    memset(payload, 'p', sizeof payload);
    DLT_TRACE_NETWORK(one, DLT_NW_TRACE_CAN, 16, header, 100, payload);
    DLT_TRACE_NETWORK(one, DLT_NW_TRACE_IPC, 16, header, 3000, payload);
    dlt_user_trace_network_truncated(&one, DLT_NW_TRACE_MOST, 16, header, 3000, payload, 0);
    DLT_TRACE_NETWORK(two, DLT_NW_TRACE_CAN, 16, header, 100, payload);
}

static void levels(void)
{
    for (int level = 1; level <= 6; level++) {
        DLT_LOG(one, level, DLT_INT32(level));
        DLT_LOG(two, level, DLT_INT32(level));
    }
}

int main(int argc, char **argv)
{
    DLT_REGISTER_APP("TWIN", "one of two");
    DLT_REGISTER_CONTEXT_LL_TS(one, "ONE", "the first", DLT_LOG_VERBOSE, DLT_TRACE_STATUS_ON);
    DLT_REGISTER_CONTEXT_LL_TS(two, "TWO", "the second", DLT_LOG_INFO, DLT_TRACE_STATUS_OFF);
    if (argc > 1 && strcmp(argv[1], "messages") == 0) {
        numbers();
        texts_and_bytes();
        identified();
        traces();
        levels();
    } else if (argc > 1) {
        for (uint32_t n = 0; n < strtoul(argv[1], NULL, 10); n++)
            DLT_LOG(one, n % 5 ? DLT_LOG_INFO : DLT_LOG_ERROR, DLT_UINT32(0), DLT_UINT32(n));
        puts("filled");
        fflush(stdout);
        /* Until standard input ends. */
        getchar();
    }
    DLT_UNREGISTER_CONTEXT(two);
    DLT_UNREGISTER_CONTEXT(one);
    DLT_UNREGISTER_APP();
    return 0;
}
